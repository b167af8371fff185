import Glibc
import Synchronization

/// Reads a line from the terminal on standard input without echo.
///
/// The terminal gets its settings back however the reading ends, also by a signal.
enum HiddenLine {
  /// The signal that came while the terminal did not echo; 0 for none.
  private static let caught = Atomic<Int32>(0)
  private static let signals = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM, SIGUSR1, SIGUSR2,
  ]
  private static let sizeLimit = 4096

  /// The line without its end; nil if the terminal cannot be set up or was closed.
  static func read(after question: String) -> String? {
    while true {
      caught.store(0, ordering: .relaxed)
      let line = withoutEcho {
        StandardError.write(question, end: "")
        return readLine()
      }
      StandardError.write("")
      let signal = caught.load(ordering: .relaxed)
      if signal == 0 { return line }
      // The signal's default action: the process stops, and asks again when it continues, or dies. Not Swift's handler,
      // which takes SIGQUIT for a crash.
      _ = Glibc.signal(signal, SIG_DFL)
      raise(signal)
      if signal != SIGTSTP { return nil }
    }
  }

  private static func withoutEcho(_ body: () -> String?) -> String? {
    var before = termios()
    guard unsafe tcgetattr(0, &before) == 0 else { return nil }
    var blocked = sigset_t()
    var mask = sigset_t()
    unsafe sigemptyset(&blocked)
    for signal in signals { _ = unsafe sigaddset(&blocked, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &mask)
    let actions = signals.map(catchSignal)
    defer {
      for (signal, action) in zip(signals, actions) {
        var action = action
        unsafe sigaction(signal, &action, nil)
      }
      unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
    }
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL)
    hidden.c_lflag |= tcflag_t(ICANON | ISIG)
    guard unsafe tcsetattr(0, TCSAFLUSH, &hidden) == 0 else { return nil }
    defer { unsafe tcsetattr(0, TCSAFLUSH, &before) }
    return body()
  }

  /// Catches a signal, unless it is ignored; returns its action before.
  private static func catchSignal(_ signal: Int32) -> sigaction {
    var old = sigaction()
    unsafe sigaction(signal, nil, &old)
    let isIgnored = unsafe unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 1
    if !isIgnored {
      var new = sigaction()
      unsafe new.__sigaction_handler.sa_handler = { signal in
        HiddenLine.caught.store(signal, ordering: .relaxed)
      }
      unsafe sigaction(signal, &new, nil)
    }
    return old
  }

  /// Reads to the end of the line, byte by byte: what is typed after it is for the next reader.
  private static func readLine() -> String? {
    var bytes = [UInt8](repeating: 0, count: sizeLimit)
    defer {
      unsafe bytes.withUnsafeMutableBytes { memory in
        if let start = memory.baseAddress { unsafe explicit_bzero(start, memory.count) }
      }
    }
    var count = 0
    while count < bytes.count {
      guard waitForInput() else { return nil }
      let more = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(0, $0.baseAddress.map { unsafe $0 + count }, 1)
      }
      if more < 0, errno == EINTR { continue }
      if more <= 0 { return nil }
      if bytes[count] == UInt8(ascii: "\n") { break }
      count += 1
    }
    return String(validating: bytes[..<count], as: UTF8.self)
  }

  /// False if a signal came instead. Signals are unblocked nowhere else, so none is missed.
  private static func waitForInput() -> Bool {
    var mask = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
    for signal in signals { _ = unsafe sigdelset(&mask, signal) }
    while caught.load(ordering: .relaxed) == 0 {
      var input = fd_set()
      input.__fds_bits.0 = 1  // Descriptor 0.
      let ready = unsafe pselect(1, &input, nil, nil, nil, &mask)
      if ready > 0 { return true }
      if ready < 0, errno != EINTR { return false }
    }
    return false
  }
}
