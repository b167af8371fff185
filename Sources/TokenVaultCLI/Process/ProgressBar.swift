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
      guard isWritable, let text = line.text(of: progress, at: .now, in: width) else { return }
      StandardError.writeRaw("\r\(text)\u{1B}[K")
      isShown.store(true, ordering: .relaxed)
    }
  }

  /// Whether a write neither stops the process, in the background, nor waits for a terminal that a person has stopped.
  ///
  /// The writers' lock may be held, and other processes would wait for it.
  private static var isWritable: Bool {
    guard tcgetpgrp(2) == getpgrp() else { return false }
    var terminal = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&terminal, 1, 0) == 1 && terminal.revents & Int16(POLLOUT) != 0
  }

  private static var width: Int { Terminal.width(of: 2) ?? 80 }

  /// Erases the bar, if it is shown.
  static func erase() {
    guard isShown.load(ordering: .relaxed) else { return }
    line.withLock { _ in
      if isShown.exchange(false, ordering: .relaxed), isWritable {
        StandardError.writeRaw("\r\u{1B}[K")
      }
    }
  }
}
