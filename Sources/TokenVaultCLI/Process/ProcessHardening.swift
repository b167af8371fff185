import Glibc

/// What the process does first.
enum ProcessHardening {
  static func apply() {
    occupyStandardDescriptors()
    forbidCoreDumps()
    // `write` then returns an error for a closed pipe, and for a file above the limit that the shell has set.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// If the parent closed one of the three, the next file opened would get its number, and results would be written
  /// into it. The stand-ins are opened in the wrong direction, so that their use is an error.
  private static func occupyStandardDescriptors() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = unsafe open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Limits core dumps to one byte: at zero the kernel still feeds a crash handler that reads from a pipe, at one it does
  /// not (fs/coredump.c). PR_SET_DUMPABLE would also hide `/dev/stdin` from the process itself.
  private static func forbidCoreDumps() {
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}
