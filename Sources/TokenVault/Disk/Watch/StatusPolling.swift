internal import Synchronization

/// Reports when a vault may have changed, by polling its path, if the kernel has no watch for us.
final class StatusPolling: Sendable {
  /// The time between two polls.
  static let interval = Duration.seconds(1)
  /// After so many polls without a change, the kernel is asked again.
  private static let lookLimit = 60

  private let file: VaultFile
  private let interval: Duration
  private let cancellation = ThreadSignal()
  /// The status at the last poll; nil if nothing was there, or the call failed.
  private let last: Mutex<FileStatus?>

  /// Begins to watch: a change from now on ends a wait.
  init(_ file: VaultFile, every interval: Duration) {
    (self.file, self.interval) = (file, interval)
    last = Mutex(Self.status(file))
  }

  private static func status(_ file: VaultFile) -> FileStatus? {
    (try? file.disk.status(of: file.location.path)) ?? nil
  }

  func cancel() { cancellation.give() }

  /// Blocks this thread until a poll differs from the last one.
  func wait() -> DirectoryWatch.Outcome {
    for _ in 0..<Self.lookLimit {
      if cancellation.wait(for: interval) { return .cancelled }
      // Stored before the vault is read, so that the next poll sees a later change.
      if hasChanged(to: Self.status(file)) { return .touched }
    }
    return .lost
  }

  private func hasChanged(to status: FileStatus?) -> Bool {
    last.withLock { last in
      defer { last = status }
      return last != status
    }
  }
}
