internal import Glibc

/// How files that only their owner may reach are opened, checked and made.
struct PrivateFile: Sendable {
  let disk: any Disk

  /// Opens a regular file that belongs to this user or root, and whose mode lets no one else in but, with
  /// `groupMayRead`, its group to read.
  func open(
    _ path: String, _ purpose: OpenPurpose, groupMayRead: Bool = false
  ) throws(FileError) -> (OpenFile, FileStatus) {
    let file = try opened(path, purpose)
    let status = try file.status()
    guard status.kind == .regular else {
      throw .notRegular(path: path, isDirectory: status.kind == .directory)
    }
    guard status.owner == geteuid() || status.owner == 0 else {
      throw .unsafe(path: path, .owner(status.owner))
    }
    guard status.mode & (groupMayRead ? 0o037 : 0o077) == 0 else {
      throw .unsafe(path: path, .mode(status.mode))
    }
    return (file, status)
  }

  private func opened(_ path: String, _ purpose: OpenPurpose) throws(FileError) -> OpenFile {
    do { return try OpenFile(disk, path, purpose) } catch { throw error.opening(path) }
  }

  /// Reads all bytes of a file that has at most `limit` of them, or the first `count`.
  func contents(
    of file: OpenFile, _ status: FileStatus, limit: Int64, atMost count: Int? = nil
  ) throws(FileError) -> [UInt8] {
    guard status.size <= limit else { throw .tooLarge(path: file.path, limit: limit) }
    var bytes = [UInt8](repeating: 0, count: min(Int(status.size), count ?? .max))
    let end = try file.read(into: &bytes)
    bytes.removeLast(bytes.count - end)
    return bytes
  }

  /// Makes a file with these bytes, which must not be there; mode 0600 whatever the umask. Its content is durable, its
  /// name is not. On failure it is removed.
  @discardableResult
  func create(_ path: String, _ bytes: Span<UInt8>) throws(FileError) -> OpenFile {
    let file = try make(path)
    do throws(FileError) {
      try file.write(bytes)
      try file.synchronize()
      return file
    } catch {
      try? disk.remove(path)
      throw error
    }
  }

  /// Makes an empty file, which must not be there; mode 0600 whatever the umask.
  func make(_ path: String) throws(FileError) -> OpenFile { try opened(path, .creating) }

  /// Makes the missing directories on the way to a path, for the owner alone and durable.
  func makeDirectories(above path: String) throws(FileError) {
    let directory = Self.directory(of: path)
    let parent = Self.directory(of: directory)
    // The process that made it may have been killed before its name was durable.
    if try disk.isThere(directory) { return try synchronizeIfPossible(directory: parent) }
    try makeDirectories(above: directory)
    try disk.makeDirectory(directory)
    try synchronizeDirectory(parent)
  }

  /// The absolute path: a daemon may change its working directory later.
  func absolute(_ path: String) throws(FileError) -> String {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    return "\(try disk.workingDirectory())/\(path)"
  }

  /// The directory that a path's last name is in.
  static func directory(of path: String) -> String {
    // By bytes: to Swift, a slash and a combining mark after it are one character, and no slash.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the names in a directory durable.
  func synchronizeDirectory(_ path: String) throws(FileError) {
    try OpenFile(disk, path, .directory).synchronize()
  }

  /// The same for a directory that may be unreadable, as another user's may, or on a file system without
  /// synchronization.
  func synchronizeIfPossible(directory: String) throws(FileError) {
    do { try synchronizeDirectory(directory) } catch .system(let error)
      where error.isElsewhere || error.isWithoutSynchronization
    {}
  }

  /// Makes a file durable that another process may have made, unless its file system has no synchronization.
  func synchronizeIfPossible(_ file: OpenFile) throws(FileError) {
    do { try file.synchronize() } catch .system(let error) where error.isWithoutSynchronization {}
  }
}
