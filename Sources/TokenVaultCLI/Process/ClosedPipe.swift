import Glibc

/// The end of a process whose output has no reader any more.
enum ClosedPipe {
  /// Ends the process by SIGPIPE, which ``ProcessHardening`` has set to be ignored: a shell sees exit code 141.
  static func endProcess() -> Never {
    _ = signal(SIGPIPE, SIG_DFL)
    // The parent may have blocked it.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(SIGPIPE)
    // The first process of a container survives a signal that it does not catch.
    _exit(128 + SIGPIPE)
  }
}
