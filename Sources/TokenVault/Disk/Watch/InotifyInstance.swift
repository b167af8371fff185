internal import CLinux
internal import Glibc
internal import Synchronization

/// The one inotify(7) instance of this process, which all its watches share: by default, a user may have 128 of them.
///
/// It has no thread of its own. Of the threads that wait, one, the leader, waits for the kernel, and tells the others
/// what concerns them; when it goes, another one becomes the leader. It is closed with the last watch.
///
/// A child of a fork has the same descriptors, and would take the parent's events away. So in another process than the
/// one that made it, an instance is only let go.
final class InotifyInstance: Sendable {
  /// A file's watcher.
  private struct Watcher {
    /// The watch descriptor of the directory, which others may share.
    let directory: Int32
    let name: [UInt8]
    /// What has happened and was not yet told.
    var outcome: DirectoryWatch.Outcome?
    /// Wakes the thread that waits and is not the leader.
    var signal: ThreadSignal?
  }

  private struct State {
    var watchers: [Int: Watcher] = [:]
    var lastNumber = 0
    var leader: Int?
  }

  private struct Reference {
    weak var instance: InotifyInstance?
  }

  private static let current = Mutex(Reference())

  /// The process that made it.
  private let owner = getpid()
  private let events: EventDescriptor
  /// Readable when the leader is to look at its watcher.
  private let alarm: EventDescriptor
  private let state = Mutex(State())

  private init() throws(DiskError) {
    events = try EventDescriptor("inotify_init1", inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)))
    alarm = try EventDescriptor("eventfd", linux_eventfd(0, LINUX_EVENTFD_PRIVATE))
  }

  /// The instance of this process, made if there is none.
  static func shared() throws(DiskError) -> InotifyInstance {
    try current.withLock { (reference) throws(DiskError) in
      if let instance = reference.instance, instance.isOurs { return instance }
      let instance = try InotifyInstance()
      reference.instance = instance
      return instance
    }
  }

  private var isOurs: Bool { owner == getpid() }

  // MARK: Watchers

  /// Begins to watch the file of this name in a directory; tells the number that stands for that.
  func add(_ name: [UInt8], in directory: String) throws(DiskError) -> Int {
    try state.withLock { (state) throws(DiskError) in
      let mask = DirectoryEvents.ofFiles | DirectoryEvents.ofLoss & ~UInt32(IN_UNMOUNT | IN_IGNORED)
      // The same number for a directory that is watched already.
      let number = unsafe inotify_add_watch(events.number, directory, mask | UInt32(IN_ONLYDIR))
      guard number >= 0 else {
        throw DiskError(call: "inotify_add_watch", path: directory, errno: errno)
      }
      state.lastNumber += 1
      state.watchers[state.lastNumber] = Watcher(directory: number, name: name)
      return state.lastNumber
    }
  }

  /// Ends a watch that no thread waits for.
  func remove(_ number: Int) {
    // The parent's watch would go with that of a child.
    guard isOurs else { return }
    state.withLock { state in
      guard let watcher = state.watchers.removeValue(forKey: number) else { return }
      let isShared = state.watchers.values.contains { $0.directory == watcher.directory }
      if !isShared { _ = inotify_rm_watch(events.number, watcher.directory) }
    }
  }

  /// Ends the wait of a watcher that is under way, and every later one.
  func cancel(_ number: Int) {
    guard isOurs else { return }
    state.withLock { state in
      Self.tell(.cancelled, number, &state)
      if state.leader == number { alarm.ring() }
    }
  }

  private static func tell(
    _ outcome: DirectoryWatch.Outcome, _ number: Int, _ state: inout State
  ) {
    let known = state.watchers[number]?.outcome
    state.watchers[number]?.outcome = max(known ?? outcome, outcome)
    wake(number, &state)
  }

  private static func wake(_ number: Int, _ state: inout State) {
    state.watchers[number]?.signal?.give()
    state.watchers[number]?.signal = nil
  }

  // MARK: Waiting

  /// What the thread of a watcher has to do next.
  private enum Step {
    case tell(DirectoryWatch.Outcome)
    case lead
    case follow(ThreadSignal)
  }

  /// Blocks this thread until something has happened that concerns a watcher.
  func wait(_ number: Int) throws(DiskError) -> DirectoryWatch.Outcome {
    guard isOurs else { return .lost }
    while true {
      switch state.withLock({ step(of: number, &$0) }) {
      case .tell(let outcome): return outcome
      case .follow(let signal): signal.wait()
      case .lead:
        do throws(DiskError) { try lead() } catch {
          state.withLock { resign(number, &$0) }
          throw error
        }
      }
    }
  }

  private func step(of number: Int, _ state: inout State) -> Step {
    if let outcome = state.watchers[number]?.outcome {
      if outcome != .cancelled { state.watchers[number]?.outcome = nil }
      resign(number, &state)
      return .tell(outcome)
    }
    if state.leader == nil || state.leader == number {
      state.leader = number
      return .lead
    }
    let signal = state.watchers[number]?.signal ?? ThreadSignal()
    state.watchers[number]?.signal = signal
    return .follow(signal)
  }

  /// Makes another thread the leader if a watcher was, or none is: the one that was to be may have gone before it
  /// knew.
  private func resign(_ number: Int, _ state: inout State) {
    guard state.leader == nil || state.leader == number else { return }
    state.leader = nil
    if let next = state.watchers.first(where: { $0.value.signal != nil })?.key {
      Self.wake(next, &state)
    }
  }

  /// Waits for the kernel, and tells the watchers what has happened.
  private func lead() throws(DiskError) {
    try waitUntilReadable()
    try state.withLock { (state) throws(DiskError) in
      alarm.drain()
      for event in DirectoryEvents(try readEvents()[...]) { Self.tell(event, &state) }
    }
  }

  private static func tell(_ event: DirectoryEvents.Event, _ state: inout State) {
    let outcomes = state.watchers.compactMapValues {
      event.outcome(forFile: $0.name, in: $0.directory)
    }
    for (number, outcome) in outcomes { tell(outcome, number, &state) }
  }

  private func waitUntilReadable() throws(DiskError) {
    var descriptors = [alarm.number, events.number].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while unsafe poll(&descriptors, nfds_t(descriptors.count), -1) < 0 {
      guard errno == EINTR else { throw DiskError(call: "poll", path: nil, errno: errno) }
    }
  }

  /// The events there are, as many as fit; none if there are none, or a signal came first.
  private func readEvents() throws(DiskError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.bufferSize)
    let count = unsafe read(events.number, &bytes, bytes.count)
    guard count >= 0 || errno == EINTR || errno == EAGAIN else {
      throw DiskError(call: "read", path: nil, errno: errno)
    }
    return Array(bytes.prefix(max(0, count)))
  }

  /// Room for an event with the longest name, and for the many that a busy directory makes.
  private static let bufferSize = 16_384
}
