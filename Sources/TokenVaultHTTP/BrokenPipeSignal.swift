internal import Glibc

/// SIGPIPE, which OpenSSL raises when it writes to a connection that the server has closed, and which ends the
/// process where nobody ignores it. libcurl would set it aside for the whole process, under everyone's feet.
enum BrokenPipeSignal {
  /// Runs `body` with the signal blocked in this thread, and takes away one that came meanwhile.
  static func suppressed<Result>(_ body: () throws -> Result) rethrows -> Result {
    var (signal, before, pending) = (sigset_t(), sigset_t(), sigset_t())
    unsafe sigemptyset(&signal)
    unsafe sigaddset(&signal, SIGPIPE)
    unsafe sigpending(&pending)
    let isOthers = unsafe sigismember(&pending, SIGPIPE) == 1
    unsafe pthread_sigmask(SIG_BLOCK, &signal, &before)
    defer {
      var immediately = timespec()
      if !isOthers { _ = unsafe sigtimedwait(&signal, nil, &immediately) }
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
  }
}
