internal import CLinux
internal import Glibc

// Locks on bytes of a file (fcntl(2)).
extension LinuxDisk {
  package func tryLock(_ file: Int32, byte: Int64) throws(FileError) -> Bool {
    var lock = Self.lock(byte)
    do throws(FileError) {
      try call("fcntl") { unsafe fcntl(file, LINUX_F_OFD_SETLK, &lock) }
      return true
    } catch  where error.errno == EAGAIN || error.errno == EACCES {
      return false
    }
  }

  package func unlock(_ file: Int32, byte: Int64) { set(F_UNLCK, file, LINUX_F_OFD_SETLK, byte) }

  // A lock of the open file description names no process, and a lock of the process does not exclude its threads. So
  // the holder takes one of each, on different bytes.
  package func announce(_ file: Int32, byte: Int64) { set(F_WRLCK, file, F_SETLK, byte) }
  package func withdraw(_ file: Int32, byte: Int64) { set(F_UNLCK, file, F_SETLK, byte) }

  package func holder(of file: Int32, byte: Int64) -> Int32? {
    var lock = Self.lock(byte)
    guard unsafe fcntl(file, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK), lock.l_pid > 0
    else { return nil }
    return lock.l_pid
  }

  private func set(_ type: Int32, _ file: Int32, _ command: Int32, _ byte: Int64) {
    var lock = Self.lock(byte, type)
    _ = unsafe fcntl(file, command, &lock)
  }

  private static func lock(_ byte: Int64, _ type: Int32 = F_WRLCK) -> flock {
    flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: Int(byte), l_len: 1, l_pid: 0)
  }
}
