internal import CLinux
internal import Glibc

/// The process that a record names as its caller of the token endpoint.
enum CallingProcess {
  /// Whether it lives: not if it has ended and its parent has not asked for its status yet.
  static func isAlive(_ process: Int32) -> Bool {
    let descriptor = linux_pidfd_open(process, 0)
    // Without the call (Linux before 5.3, or a sandbox that forbids it), an ended one counts as long as it is there.
    guard descriptor >= 0 else {
      return errno != ESRCH && (kill(process, 0) == 0 || errno == EPERM)
    }
    defer { close(descriptor) }
    var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&end, 1, 0) == 0
  }
}
