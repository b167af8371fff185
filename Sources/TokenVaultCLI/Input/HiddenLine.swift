import Glibc

/// Reads a line from the terminal on standard input without echo.
///
/// The terminal gets its settings back however the reading ends, also by a signal.
enum HiddenLine {
  private static let signals = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM, SIGUSR1, SIGUSR2,
  ]
  private static let sizeLimit = 4096
  /// Milliseconds until a signal is noticed.
  private static let interval: Int32 = 50

  /// The line without its end; nil if the terminal cannot be set up or was closed.
  static func read(after question: String) -> String? {
    // Blocked signals stay pending until the terminal has its settings back.
    var (blocked, mask) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&blocked)
    let caught = signals.filter { !Signals.isIgnored($0) }
    for signal in caught { _ = unsafe sigaddset(&blocked, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &mask)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &mask, nil) }
    while true {
      let line = withoutEcho {
        StandardError.write(question, end: "")
        return readLine(unless: caught)
      }
      StandardError.write("")
      let pending = caught.filter(isPending)
      if pending.isEmpty { return line }
      // The process dies, or stops and asks again when it continues. Swift's handler takes SIGQUIT for a crash.
      for signal in pending { _ = Glibc.signal(signal, SIG_DFL) }
      unsafe pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
      unsafe pthread_sigmask(SIG_BLOCK, &blocked, nil)
    }
  }

  private static func isPending(_ signal: Int32) -> Bool {
    var pending = sigset_t()
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, signal) == 1
  }

  private static func withoutEcho(_ body: () -> String?) -> String? {
    var before = termios()
    guard unsafe tcgetattr(0, &before) == 0 else { return nil }
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL)
    hidden.c_lflag |= tcflag_t(ICANON | ISIG)
    guard unsafe tcsetattr(0, TCSAFLUSH, &hidden) == 0 else { return nil }
    defer { unsafe tcsetattr(0, TCSAFLUSH, &before) }
    return body()
  }

  /// Reads to the end of the line, byte by byte: what is typed after it is for the next reader.
  private static func readLine(unless signals: [Int32]) -> String? {
    var bytes = [UInt8](repeating: 0, count: sizeLimit)
    defer {
      unsafe bytes.withUnsafeMutableBytes { memory in
        if let start = memory.baseAddress { unsafe explicit_bzero(start, memory.count) }
      }
    }
    var count = 0
    while count < bytes.count {
      var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&input, 1, interval)
      if signals.contains(where: isPending) { return nil }
      if ready == 0 || ready < 0 && errno == EINTR { continue }
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
}
