import Glibc

/// What the process does before anything else.
enum ProcessHardening {
  static func apply() {
    occupyStandardDescriptors()
    forbidCoreDumps()
    // A closed pipe is then an error of `write`, with a sentence of its own.
    signal(SIGPIPE, SIG_IGN)
    // So is a file grown past the limit that the shell has set.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Where a parent closed one of the three, the next file opened would take its number, and what is
  /// printed would land in it. In the wrong direction, so that using it is an error.
  private static func occupyStandardDescriptors() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = unsafe open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// One byte and not none: at zero the kernel still feeds a crash handler that reads from a pipe, at one
  /// it does not (fs/coredump.c). Undumpable would also hide `/dev/stdin` from the process itself.
  private static func forbidCoreDumps() {
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}
