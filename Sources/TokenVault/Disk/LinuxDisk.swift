internal import CLinux
internal import Glibc

/// The system calls on files; no other source makes any.
package struct LinuxDisk: Disk {
  package func open(_ path: String, _ purpose: OpenPurpose) throws(FileError) -> Int32 {
    switch purpose {
    case .reading: return try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    case .readingThroughLinks: return try open(path, O_RDONLY | O_NONBLOCK)
    case .input: return try open(path, O_RDONLY)
    case .directory: return try open(path, O_RDONLY | O_DIRECTORY)
    case .appending: return try open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
    case .updating: return try open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    case .creating: return try create(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
    case .creatingUnnamed: return try create(path, O_WRONLY | LINUX_O_TMPFILE)
    case .locking: return try openOrCreate(path, O_RDWR | O_NOFOLLOW).file
    }
  }

  /// The file at a path, and whether this call has made it.
  private func openOrCreate(
    _ path: String, _ flags: Int32
  ) throws(FileError) -> (file: Int32, isNew: Bool) {
    do throws(FileError) {
      return (try open(path, flags | O_NONBLOCK), false)
    } catch  where error.errno == ENOENT {
      do throws(FileError) {
        return (try create(path, flags | O_CREAT | O_EXCL), true)
      } catch  where error.errno == EEXIST {
        return (try open(path, flags | O_NONBLOCK), false)  // Another process was first.
      }
    }
  }

  private func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    try call("open", path) { unsafe Glibc.open(path, flags | O_CLOEXEC) }
  }

  /// Makes a file of mode 0600, whatever the umask. On failure it is removed again, if `O_EXCL` shows that it is ours.
  private func create(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let file = try call("open", path) { unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600) }
    do throws(FileError) {
      if try status(of: file).mode != 0o600 { try call("fchmod", path) { fchmod(file, 0o600) } }
      return file
    } catch {
      close(file)
      if flags & O_EXCL != 0 { try? remove(path) }
      throw error
    }
  }

  package func close(_ file: Int32) { _ = Glibc.close(file) }

  package func status(of path: String) throws(FileError) -> FileStatus? {
    var raw = stat()
    do throws(FileError) {
      try call("lstat", path) { unsafe lstat(path, &raw) }
      return FileStatus(raw)
    } catch  where error.errno == ENOENT {
      return nil
    }
  }

  package func status(of file: Int32) throws(FileError) -> FileStatus {
    var raw = stat()
    try call("fstat") { unsafe fstat(file, &raw) }
    return FileStatus(raw)
  }

  package func identity(of path: String) throws(FileError) -> FileStatus? {
    var raw = statx()
    do throws(FileError) {
      try call("statx", path) { unsafe linux_identity(AT_FDCWD, path, &raw) }
      return FileStatus(raw)
    } catch  where error.errno == ENOENT {
      return nil
    }
  }

  package func identity(of file: Int32) throws(FileError) -> FileStatus {
    var raw = statx()
    try call("statx") { unsafe linux_identity(file, "", &raw) }
    return FileStatus(raw)
  }

  package func read(
    _ file: Int32, at offset: Int64?, into memory: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    guard let offset else {
      return try call("read") { unsafe Glibc.read(file, memory.baseAddress, memory.count) }
    }
    return try call("pread") { unsafe pread(file, memory.baseAddress, memory.count, Int(offset)) }
  }

  package func write(_ file: Int32, _ bytes: Span<UInt8>) throws(FileError) {
    unsafe try writeAll("write", bytes) { (rest, _) in
      unsafe Glibc.write(file, rest.baseAddress, rest.count)
    }
  }

  package func write(_ file: Int32, at offset: Int64, _ bytes: Span<UInt8>) throws(FileError) {
    unsafe try writeAll("pwrite", bytes) { (rest, done) in
      unsafe pwrite(file, rest.baseAddress, rest.count, Int(offset) + done)
    }
  }

  private func writeAll(
    _ name: String, _ bytes: Span<UInt8>, _ body: (UnsafeRawBufferPointer, Int) -> Int
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      done += try call(name) {
        unsafe bytes.extracting(done..<bytes.count).withUnsafeBytes { unsafe body($0, done) }
      }
    }
  }

  package func truncate(_ file: Int32, to size: Int64) throws(FileError) {
    try call("ftruncate") { ftruncate(file, Int(size)) }
  }

  package func synchronize(_ file: Int32) throws(FileError) { try call("fsync") { fsync(file) } }

  package func synchronizeData(_ file: Int32) throws(FileError) {
    try call("fdatasync") { fdatasync(file) }
  }

  package func startWriting(_ file: Int32) { _ = linux_start_writing(file) }

  package func rename(_ from: String, to: String) throws(FileError) {
    try call("rename", to) { unsafe Glibc.rename(from, to) }
  }

  package func link(_ from: String, to: String) throws(FileError) {
    try call("link", to) { unsafe Glibc.link(from, to) }
  }

  package func link(_ file: Int32, to: String) throws(FileError) {
    try call("linkat", to) {
      unsafe linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, to, AT_SYMLINK_FOLLOW)
    }
  }

  package func remove(_ path: String) throws(FileError) {
    do throws(FileError) {
      try call("unlink", path) { unsafe unlink(path) }
    } catch  where error.errno == ENOENT {}
  }

  package func makeDirectory(_ path: String) throws(FileError) {
    do throws(FileError) {
      try call("mkdir", path) { unsafe mkdir(path, 0o700) }
    } catch  where error.errno == EEXIST {
      return
    }
    do throws(FileError) {
      try call("chmod", path) { unsafe chmod(path, 0o700) }
    } catch {
      _ = unsafe rmdir(path)
      throw error
    }
  }

  package func overwrite(_ path: String, with bytes: Span<UInt8>) throws(FileError) {
    let (file, isNew) = try openOrCreate(path, O_WRONLY | O_NOFOLLOW)
    defer { close(file) }
    do throws(FileError) {
      try write(file, bytes)
      if try status(of: file).size > bytes.count {
        try call("ftruncate", path) { ftruncate(file, bytes.count) }
      }
    } catch {
      if isNew { try? remove(path) }
      throw error.at(path)
    }
  }

  package func closeOnExec(_ file: Int32) { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }

  package func names(in directory: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(directory) else {
      throw .system(SystemCallError("opendir", directory))
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

  package func workingDirectory() throws(FileError) -> String {
    guard let path = unsafe getcwd(nil, 0) else {
      throw .system(SystemCallError("getcwd"))
    }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  package func target(ofLink path: String) throws(FileError) -> String {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = try call("readlink", path) {
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return -1 }
        return unsafe readlink(path, start, buffer.count)
      }
    }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package func pause(microseconds: UInt32) {
    if microseconds == 0 { sched_yield() } else { usleep(microseconds) }
  }

  /// Retries a call that a signal has interrupted; a negative result is an error.
  @discardableResult
  func call<Count: SignedInteger>(
    _ name: String, _ path: String? = nil, _ body: () -> Count
  ) throws(FileError) -> Count {
    while true {
      let result = body()
      if result >= 0 { return result }
      guard errno == EINTR else { throw .system(SystemCallError(name, path)) }
    }
  }
}
