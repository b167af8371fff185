internal import CLinux
internal import Glibc

/// The process that a record names as the caller of its token endpoint.
enum CallingProcess {
  /// Whether the process lives. A zombie, whose parent has not waited for it yet, does not.
  static func isAlive(_ process: Int32) -> Bool {
    let descriptor = linux_pidfd_open(process, 0)
    // Without pidfd_open (Linux before 5.3, or a sandbox that forbids it), a zombie counts as alive.
    guard descriptor >= 0 else {
      return errno != ESRCH && (kill(process, 0) == 0 || errno == EPERM)
    }
    defer { close(descriptor) }
    var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&end, 1, 0) == 0
  }
}
