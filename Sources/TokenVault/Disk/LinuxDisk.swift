internal import CLinux
internal import Glibc

/// The one place that makes system calls on files.
package struct LinuxDisk: Disk {
  /// The disk of this machine. What its calls promise is told by `Disk`.
  package init() {}

  package func open(_ path: String, _ purpose: OpenPurpose) throws(DiskError) -> Int32 {
    switch purpose {
    case .reading: return try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    case .readingThroughLinks: return try open(path, O_RDONLY | O_NONBLOCK)
    case .input: return try open(path, O_RDONLY)
    case .directory: return try open(path, O_RDONLY | O_DIRECTORY)
    case .appending: return try open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
    case .updating: return try open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    case .creating: return try create(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
    // O_TMPFILE, which Glibc's module does not show (asm-generic/fcntl.h).
    case .creatingUnnamed: return try create(path, O_WRONLY | 0o20_000_000 | O_DIRECTORY)
    case .locking:
      do {
        return try open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
      } catch  where error.isNoSuchFile {
        do {
          return try create(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
        } catch  where error.isAlreadyThere {
          return try open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
        }
      }
    }
  }

  private func open(_ path: String, _ flags: Int32) throws(DiskError) -> Int32 {
    try call("open", path) { unsafe Glibc.open(path, flags | O_CLOEXEC) }
  }

  /// Makes a file for the owner alone, whatever the umask takes away. On failure it is gone again, since `O_EXCL` says
  /// that we have made it.
  private func create(_ path: String, _ flags: Int32) throws(DiskError) -> Int32 {
    let file = try call("open", path) { unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600) }
    do {
      if try status(of: file).mode != 0o600 { try call("fchmod", path) { fchmod(file, 0o600) } }
      return file
    } catch {
      close(file)
      if flags & O_EXCL != 0 { try? remove(path) }
      throw error
    }
  }

  package func close(_ file: Int32) { _ = Glibc.close(file) }

  package func status(of path: String) throws(DiskError) -> FileStatus? {
    var raw = stat()
    do {
      try call("lstat", path) { unsafe lstat(path, &raw) }
      return FileStatus(raw)
    } catch  where error.isNoSuchFile {
      return nil
    }
  }

  package func status(of file: Int32) throws(DiskError) -> FileStatus {
    var raw = stat()
    try call("fstat") { unsafe fstat(file, &raw) }
    return FileStatus(raw)
  }

  package func read(
    _ file: Int32, into memory: UnsafeMutableRawBufferPointer
  ) throws(DiskError) -> Int {
    while true {
      let count = unsafe Glibc.read(file, memory.baseAddress, memory.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw DiskError(call: "read", path: nil, errno: errno) }
    }
  }

  package func read(
    _ file: Int32, at offset: Int64, into memory: UnsafeMutableRawBufferPointer
  ) throws(DiskError) -> Int {
    while true {
      let count = unsafe pread(file, memory.baseAddress, memory.count, Int(offset))
      if count >= 0 { return count }
      guard errno == EINTR else { throw DiskError(call: "pread", path: nil, errno: errno) }
    }
  }

  package func write(_ file: Int32, _ bytes: Span<UInt8>) throws(DiskError) {
    unsafe try writeAll("write", bytes) { (rest, _) in
      unsafe Glibc.write(file, rest.baseAddress, rest.count)
    }
  }

  package func write(_ file: Int32, at offset: Int64, _ bytes: Span<UInt8>) throws(DiskError) {
    unsafe try writeAll("pwrite", bytes) { (rest, done) in
      unsafe pwrite(file, rest.baseAddress, rest.count, Int(offset) + done)
    }
  }

  private func writeAll(
    _ name: String, _ bytes: Span<UInt8>, _ body: (UnsafeRawBufferPointer, Int) -> Int
  ) throws(DiskError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.extracting(done..<bytes.count).withUnsafeBytes {
        unsafe body($0, done)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw DiskError(call: name, path: nil, errno: errno)
      }
    }
  }

  package func truncate(_ file: Int32, to size: Int64) throws(DiskError) {
    try call("ftruncate") { ftruncate(file, Int(size)) }
  }

  package func synchronize(_ file: Int32) throws(DiskError) { try call("fsync") { fsync(file) } }

  package func synchronizeData(_ file: Int32) throws(DiskError) {
    try call("fdatasync") { fdatasync(file) }
  }

  package func rename(_ from: String, to: String) throws(DiskError) {
    try call("rename", to) { unsafe Glibc.rename(from, to) }
  }

  package func link(_ from: String, to: String) throws(DiskError) {
    try call("link", to) { unsafe Glibc.link(from, to) }
  }

  package func link(_ file: Int32, to: String) throws(DiskError) {
    try call("linkat", to) {
      unsafe linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, to, AT_SYMLINK_FOLLOW)
    }
  }

  package func remove(_ path: String) throws(DiskError) {
    do {
      try call("unlink", path) { unsafe unlink(path) }
    } catch  where error.isNoSuchFile {}
  }

  package func makeDirectory(_ path: String) throws(DiskError) {
    do {
      try call("mkdir", path) { unsafe mkdir(path, 0o700) }
    } catch  where error.isAlreadyThere {
      return
    }
    do {
      try call("chmod", path) { unsafe chmod(path, 0o700) }
    } catch {
      _ = unsafe rmdir(path)
      throw error
    }
  }

  package func overwrite(_ path: String, with bytes: Span<UInt8>) throws(DiskError) {
    let (file, isNew) = try openToOverwrite(path)
    defer { close(file) }
    do {
      try write(file, bytes)
      if try status(of: file).size > bytes.count {
        try call("ftruncate", path) { ftruncate(file, bytes.count) }
      }
    } catch {
      if isNew { try? remove(path) }
      throw error
    }
  }

  /// The file at a path, and whether it was made by this.
  private func openToOverwrite(_ path: String) throws(DiskError) -> (file: Int32, isNew: Bool) {
    let flags = O_WRONLY | O_NOFOLLOW
    do {
      return (try open(path, flags | O_NONBLOCK), false)
    } catch  where error.isNoSuchFile {
      do {
        return (try create(path, flags | O_CREAT | O_EXCL), true)
      } catch  where error.isAlreadyThere {
        return (try open(path, flags | O_NONBLOCK), false)  // Another process was first.
      }
    }
  }

  package func closeOnExec(_ file: Int32) { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }

  package func names(in directory: String) throws(DiskError) -> [String] {
    guard let stream = unsafe opendir(directory) else {
      throw DiskError(call: "opendir", path: directory, errno: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  package func isWritable(directory: String) -> Bool {
    unsafe faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0
  }

  package func workingDirectory() throws(DiskError) -> String {
    guard let path = unsafe getcwd(nil, 0) else {
      throw DiskError(call: "getcwd", path: nil, errno: errno)
    }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  package func target(ofLink path: String) throws(DiskError) -> String {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = try call("readlink", path) {
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return -1 }
        return Int32(clamping: unsafe readlink(path, start, buffer.count))
      }
    }
    return String(
      decoding: bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package func pause(microseconds: UInt32) { usleep(microseconds) }

  /// Calls again after a signal, and makes an error of a negative result.
  @discardableResult
  func call(
    _ name: String, _ path: String? = nil, _ body: () -> Int32
  ) throws(DiskError) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      guard errno == EINTR else { throw DiskError(call: name, path: path, errno: errno) }
    }
  }
}
