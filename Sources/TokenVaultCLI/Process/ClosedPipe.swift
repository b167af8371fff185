import Glibc

/// The end of a process whose output has no reader any more.
enum ClosedPipe {
  /// Ends the process by SIGPIPE, as if `ProcessHardening` had not had it ignored: a shell sees exit code 141.
  static func endProcess() -> Never {
    _ = signal(SIGPIPE, SIG_DFL)
    // Blocked signals are inherited from the parent.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(SIGPIPE)
    // The first process of a container dies of no signal that it does not catch.
    _exit(128 + SIGPIPE)
  }
}
