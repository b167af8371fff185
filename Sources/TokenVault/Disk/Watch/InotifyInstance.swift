internal import CLinux
internal import Glibc
internal import Synchronization

/// The one inotify(7) instance of this process, which all its watches share: by default, a user may have 128 instances.
///
/// It has no thread of its own. One of the waiting threads, the leader, waits for the kernel, and wakes the others for
/// their events; when it leaves, another one becomes the leader. The last watch closes the instance.
///
/// A forked child shares the descriptors, and would consume the parent's events. So a child only drops the instance.
final class InotifyInstance: Sendable {
  /// The watch of one file.
  private struct Watcher {
    /// The watch descriptor of the directory, which other watchers may share.
    let directory: Int32
    let name: [UInt8]
    /// What has happened and was not yet reported.
    var outcome: DirectoryWatch.Outcome?
    /// Wakes a waiting thread that is not the leader.
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
  /// Readable when the leader must look at its watcher.
  private let alarm: EventDescriptor
  private let state = Mutex(State())

  private init() throws(FileError) {
    events = try EventDescriptor("inotify_init1", inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)))
    alarm = try EventDescriptor("eventfd", linux_eventfd())
  }

  /// The instance of this process, which is made if there is none.
  static func shared() throws(FileError) -> InotifyInstance {
    try current.withLock { (reference) throws(FileError) in
      if let instance = reference.instance, instance.isOurs { return instance }
      let instance = try InotifyInstance()
      reference.instance = instance
      return instance
    }
  }

  private var isOurs: Bool { owner == getpid() }

  // MARK: Watchers

  /// Begins to watch the file of this name in a directory; returns the watcher's number.
  func add(_ name: [UInt8], in directory: String) throws(FileError) -> Int {
    try state.withLock { (state) throws(FileError) in
      let mask = DirectoryEvents.ofFiles | DirectoryEvents.ofLoss & ~UInt32(IN_UNMOUNT | IN_IGNORED)
      // The kernel returns the same descriptor for a directory that is watched already.
      let number = unsafe inotify_add_watch(events.number, directory, mask | UInt32(IN_ONLYDIR))
      guard number >= 0 else {
        throw .system(SystemCallError("inotify_add_watch", directory))
      }
      state.lastNumber += 1
      state.watchers[state.lastNumber] = Watcher(directory: number, name: name)
      return state.lastNumber
    }
  }

  /// Removes a watcher that no thread waits for.
  func remove(_ number: Int) {
    // In a forked child it would remove the parent's watch.
    guard isOurs else { return }
    state.withLock { state in
      guard let watcher = state.watchers.removeValue(forKey: number) else { return }
      let isShared = state.watchers.values.contains { $0.directory == watcher.directory }
      if !isShared { _ = inotify_rm_watch(events.number, watcher.directory) }
    }
  }

  /// Ends the present wait of a watcher, and every later one.
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

  /// What a watcher's thread does next.
  private enum Step {
    case tell(DirectoryWatch.Outcome)
    case lead
    case follow(ThreadSignal)
  }

  /// Blocks this thread until something has happened to a watcher's file.
  func wait(_ number: Int) throws(FileError) -> DirectoryWatch.Outcome {
    guard isOurs else { return .lost }
    while true {
      switch state.withLock({ step(of: number, &$0) }) {
      case .tell(let outcome): return outcome
      case .follow(let signal): signal.wait()
      case .lead:
        do throws(FileError) { try lead() } catch {
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

  /// Makes another thread the leader if this watcher's is, or if there is none: the chosen one may have left before it
  /// woke.
  private func resign(_ number: Int, _ state: inout State) {
    guard state.leader == nil || state.leader == number else { return }
    state.leader = nil
    if let next = state.watchers.first(where: { $0.value.signal != nil })?.key {
      Self.wake(next, &state)
    }
  }

  /// Waits for the kernel, and reports its events to the watchers.
  private func lead() throws(FileError) {
    try waitUntilReadable()
    try state.withLock { (state) throws(FileError) in
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

  private func waitUntilReadable() throws(FileError) {
    var descriptors = [alarm.number, events.number].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while unsafe poll(&descriptors, nfds_t(descriptors.count), -1) < 0 {
      guard errno == EINTR else { throw .system(SystemCallError("poll")) }
    }
  }

  /// The present events, as many as fit; none if a signal came first.
  private func readEvents() throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.bufferSize)
    let count = unsafe read(events.number, &bytes, bytes.count)
    guard count >= 0 || errno == EINTR || errno == EAGAIN else {
      throw .system(SystemCallError("read"))
    }
    return Array(bytes.prefix(max(0, count)))
  }

  /// Holds an event with the longest name, and many short ones of a busy directory.
  private static let bufferSize = 16_384
}
