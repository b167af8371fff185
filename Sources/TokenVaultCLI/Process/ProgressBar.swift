import Glibc
import Synchronization
import TokenVault

/// Shows on a terminal how far a command has come that takes its time.
///
/// The bar is in the last line of standard error, and is erased before anything else is printed.
enum ProgressBar {
  private static let line = Mutex(ProgressLine())
  private static let isShown = Atomic(false)

  /// What shows the progress of a command; nil if there is no terminal on standard error, or nothing is to be shown.
  static func reporter(isQuiet: Bool) -> (@Sendable (VaultProgress) -> Void)? {
    if isQuiet || !StandardError.isTerminal { return nil }
    return { show($0) }
  }

  private static func show(_ progress: VaultProgress) {
    line.withLock { line in
      guard let text = line.text(of: progress, at: .now, in: width) else { return }
      StandardError.writeRaw("\r\(text)\u{1B}[K")
      isShown.store(true, ordering: .relaxed)
    }
  }

  private static var width: Int { Terminal.width(of: 2) ?? 80 }

  /// Erases the bar, if it is shown.
  static func erase() {
    guard isShown.load(ordering: .relaxed) else { return }
    line.withLock { _ in
      if isShown.exchange(false, ordering: .relaxed) { StandardError.writeRaw("\r\u{1B}[K") }
    }
  }
}
