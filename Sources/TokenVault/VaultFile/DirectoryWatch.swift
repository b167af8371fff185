internal import CLinux
internal import Glibc

/// Tells when a vault may have been replaced, by any process of this machine, without looking at it (inotify(7)).
///
/// It watches the vault's directory, because each save puts another file in the vault's place. It costs
/// nothing while nothing happens there, and its descriptors are closed when nobody holds it any more.
final class DirectoryWatch: Sendable {
  /// How a wait has ended.
  enum Outcome: Sendable {
    /// The vault's name was given to another file, or that file was written, or it is gone.
    case touched
    /// The directory is no longer where it was: this watch sees nothing any more.
    case lost
    /// The watch was cancelled, and stays so.
    case cancelled
  }

  /// A descriptor that is closed when nobody holds it any more.
  private final class Descriptor: Sendable {
    let number: Int32

    init(_ call: String, _ number: Int32) throws(DiskError) {
      guard number >= 0 else { throw DiskError(call: call, path: nil, errno: errno) }
      self.number = number
    }

    deinit { _ = close(number) }
  }

  private let name: [UInt8]
  private let events: Descriptor
  /// Readable once the watch is cancelled.
  private let cancellation: Descriptor

  /// Begins to watch: what happens from now on ends a wait, also one that begins later.
  init(_ location: VaultLocation) throws(FileError) {
    name = location.fileName
    do throws(DiskError) {
      events = try Descriptor("inotify_init1", inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)))
      // EFD_NONBLOCK and EFD_CLOEXEC have these numbers.
      cancellation = try Descriptor("eventfd", linux_eventfd(0, O_NONBLOCK | O_CLOEXEC))
      let mask = DirectoryEvents.ofFiles | DirectoryEvents.ofLoss & ~UInt32(IN_UNMOUNT | IN_IGNORED)
      let directory = location.directory
      guard unsafe inotify_add_watch(events.number, directory, mask | UInt32(IN_ONLYDIR)) >= 0
      else {
        throw DiskError(call: "inotify_add_watch", path: directory, errno: errno)
      }
    } catch {
      throw error.isNoSuchFile ? .noDirectory(path: location.directory) : .disk(error)
    }
  }

  /// Ends the wait that is under way, and every later one. From any thread.
  func cancel() {
    var one: UInt64 = 1
    _ = unsafe write(cancellation.number, &one, MemoryLayout.size(ofValue: one))
  }

  /// Blocks this thread until something has happened since the last wait. One at a time.
  func wait() throws(DiskError) -> Outcome {
    while true {
      if try waitUntilReadable() { return .cancelled }
      let events = DirectoryEvents(try readEvents()[...])
      if let outcome = events.outcome(forFile: name) { return outcome }
    }
  }

  /// Whether it was cancelled; else there are events.
  private func waitUntilReadable() throws(DiskError) -> Bool {
    var descriptors = [cancellation.number, events.number].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while unsafe poll(&descriptors, nfds_t(descriptors.count), -1) < 0 {
      guard errno == EINTR else { throw DiskError(call: "poll", path: nil, errno: errno) }
    }
    return descriptors[0].revents != 0
  }

  /// The events there are, as many as fit; none where a signal came first.
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
