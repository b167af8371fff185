internal import Glibc

/// SIGPIPE, which OpenSSL raises when it writes to a connection that the server has closed. Unless the process ignores
/// it, it ends the process. libcurl itself would ignore it for the whole process, other threads included.
enum BrokenPipeSignal {
  /// Runs `body` with the signal blocked in this thread, and consumes a signal that came meanwhile.
  static func suppressed<Result>(_ body: () throws -> Result) rethrows -> Result {
    var (signal, before, pending) = (sigset_t(), sigset_t(), sigset_t())
    unsafe sigemptyset(&signal)
    unsafe sigaddset(&signal, SIGPIPE)
    unsafe sigpending(&pending)
    let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
    unsafe pthread_sigmask(SIG_BLOCK, &signal, &before)
    defer {
      var immediately = timespec()
      if !wasPending { _ = unsafe sigtimedwait(&signal, nil, &immediately) }
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
  }
}
