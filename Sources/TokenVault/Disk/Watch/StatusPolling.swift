internal import Synchronization

/// Tells when a vault may have been replaced where the kernel does not: it looks at the vault's path now and then.
final class StatusPolling: Sendable {
  /// Between two looks: a second.
  static let interval = Duration.seconds(1)
  /// After so many looks without a change, the kernel is asked again.
  private static let lookLimit = 60

  private let file: VaultFile
  private let interval: Duration
  private let cancellation = ThreadSignal()
  /// What was at the path at the last look; nil if nothing was, or it could not be told.
  private let last: Mutex<FileStatus?>

  /// What happens from now on ends a wait.
  init(_ file: VaultFile, every interval: Duration) {
    (self.file, self.interval) = (file, interval)
    last = Mutex(Self.status(file))
  }

  private static func status(_ file: VaultFile) -> FileStatus? {
    (try? file.disk.status(of: file.location.path)) ?? nil
  }

  func cancel() { cancellation.give() }

  /// Blocks this thread until a look shows something else than the last one.
  func wait() -> DirectoryWatch.Outcome {
    for _ in 0..<Self.lookLimit {
      if cancellation.wait(for: interval) { return .cancelled }
      // It is remembered before the vault is read: what comes after it is seen by the next look.
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
