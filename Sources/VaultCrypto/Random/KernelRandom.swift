internal import CLinux
internal import Glibc

/// The kernel's random generator, whose state no process holds.
enum KernelRandom {
  /// Fills memory with random bytes; waits for a kernel that has just booted and has gathered none yet.
  static func fill(_ memory: UnsafeMutableRawBufferPointer) throws(CryptoError) {
    var done = 0
    while done < memory.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[done...])
      let count = unsafe linux_getrandom(rest.baseAddress, rest.count, 0)
      if count > 0 {
        done += count
      } else if errno == ENOSYS || errno == EPERM {
        // An old kernel, or a sandbox that does not know the call.
        return unsafe try fillFromDevice(rest)
      } else if errno != EINTR {
        throw .noRandomness(call: "getrandom", errno: errno)
      }
    }
  }

  /// Reads the device, which unlike the call answers before the kernel has gathered anything; so this waits for that
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

  /// random(4): `/dev/random` becomes readable once the generator is initialized.
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

  /// Opens a device. A regular file in its place, as in a half-made chroot, has the same bytes for every process.
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
