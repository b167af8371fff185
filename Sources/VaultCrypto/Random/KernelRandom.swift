internal import CLinux
internal import Glibc

/// The kernel's random generator (getrandom(2)). Its state is in no process, so two copies of one process draw
/// different bytes.
enum KernelRandom {
  /// Fills memory with random bytes. Soon after a boot, this waits until the kernel's generator is initialized.
  ///
  /// - Throws: ``CryptoError/noRandomness(call:errno:)`` with the system call that failed.
  static func fill(_ memory: UnsafeMutableRawBufferPointer) throws(CryptoError) {
    var done = 0
    while done < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[done...])
      let count = unsafe linux_getrandom(rest.baseAddress, rest.count, 0)
      if count > 0 {
        done += count
      } else if errno == ENOSYS || errno == EPERM {
        // A kernel without the call, or a sandbox that forbids it.
        return unsafe try fillFromDevice(rest)
      } else if errno != EINTR {
        throw .noRandomness(call: "getrandom", errno: errno)
      }
    }
  }

  /// Reads `/dev/urandom`, which does not wait until the generator is initialized, as the call does; so this waits
  /// first.
  private static func fillFromDevice(
    _ memory: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    try waitUntilInitialized()
    let file = try open("/dev/urandom")
    defer { close(file) }
    var done = 0
    while done < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[done...])
      let count = unsafe read(file, rest.baseAddress, rest.count)
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        throw .noRandomness(call: "read /dev/urandom", errno: count == 0 ? EIO : errno)
      }
    }
  }

  /// Waits until `/dev/random` is readable: then the generator is initialized (random(4)).
  private static func waitUntilInitialized() throws(CryptoError) {
    let file = try open("/dev/random")
    defer { close(file) }
    var state = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&state, 1, -1) != 1 {
      guard errno == EINTR || errno == EAGAIN else {
        throw .noRandomness(call: "poll /dev/random", errno: errno)
      }
    }
  }

  /// Opens a character device. A regular file in its place, as in an incomplete chroot, would return the same bytes to
  /// every process.
  private static func open(_ path: String) throws(CryptoError) -> Int32 {
    let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else { throw .noRandomness(call: "open \(path)", errno: errno) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else {
      close(file)
      throw .noRandomness(call: "open \(path)", errno: ENODEV)
    }
    return file
  }
}
