internal import Glibc

/// Files that nobody but their owner may reach: how they are opened, checked and made.
package struct PrivateFile: Sendable {
  let disk: any Disk

  /// Works on this disk.
  package init(disk: any Disk) { self.disk = disk }

  /// Opens a regular file of ours, or root's, that is closed to everyone else; with `groupMayRead`, one
  /// that its group may read too.
  func open(
    _ path: String, _ purpose: OpenPurpose, groupMayRead: Bool = false
  ) throws(FileError) -> (OpenFile, FileStatus) {
    let file: OpenFile
    do {
      file = try OpenFile(disk, path, purpose)
    } catch {
      throw Self.error(error, path)
    }
    let status = try FileError.disk(at: path) { () throws(DiskError) in
      try disk.status(of: file.descriptor)
    }
    try check(status, path, forbidden: groupMayRead ? 0o037 : 0o077)
    return (file, status)
  }

  /// The error for a path that could not be opened.
  static func error(_ error: DiskError, _ path: String) -> FileError {
    switch error.errno {
    case ENOENT: .missing(path: path)
    case EEXIST: .alreadyThere(path: path)
    case EISDIR: .notRegular(path: path, isDirectory: true)
    case ENXIO, ELOOP: .notRegular(path: path, isDirectory: false)
    default: .disk(error)
    }
  }

  private func check(
    _ status: FileStatus, _ path: String, forbidden: UInt32
  ) throws(FileError) {
    guard status.kind == .regular else {
      throw .notRegular(path: path, isDirectory: status.kind == .directory)
    }
    guard status.owner == geteuid() || status.owner == 0 else {
      throw .unsafe(path: path, .owner(status.owner))
    }
    guard status.mode & forbidden == 0 else { throw .unsafe(path: path, .mode(status.mode)) }
  }

  /// All bytes of a file that has at most `limit` of them, or the first `count`.
  func contents(
    of file: OpenFile, _ status: FileStatus, limit: Int64, atMost count: Int? = nil
  ) throws(FileError) -> [UInt8] {
    guard status.size <= limit else { throw .tooLarge(path: file.path, limit: limit) }
    var bytes = [UInt8](repeating: 0, count: min(Int(status.size), count ?? .max))
    var count = 0
    try FileError.disk(at: file.path) { () throws(DiskError) in
      while count < bytes.count {
        let more = unsafe try bytes.fill(from: count) { (memory) throws(DiskError) in
          unsafe try disk.read(file.descriptor, into: memory)
        }
        if more == 0 { break }
        count += more
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Makes a file that must not be there, with these bytes, durable but for its name; 0600 whatever the
  /// umask. On failure it is gone again.
  @discardableResult
  package func create(_ path: String, _ bytes: Span<UInt8>) throws(FileError) -> OpenFile {
    let file = try make(path)
    do throws(DiskError) {
      try disk.write(file.descriptor, bytes)
      try disk.synchronize(file.descriptor)
      return file
    } catch {
      try? disk.remove(path)
      throw .disk(error.at(path))
    }
  }

  /// Makes an empty file that must not be there; 0600 whatever the umask.
  func make(_ path: String) throws(FileError) -> OpenFile {
    do throws(DiskError) { return try OpenFile(disk, path, .creating) } catch {
      throw Self.error(error, path)
    }
  }

  /// Makes the directories on the way to a path that are missing, for the owner alone. All are durable when this
  /// returns.
  package func makeDirectories(above path: String) throws(FileError) {
    let directory = Self.directory(of: path)
    let isThere = try FileError.disk(at: directory) { () throws(DiskError) in
      try disk.status(of: directory) != nil
    }
    // The process that made it may have been killed before its name was on the disk.
    if isThere { return try synchronizeIfPossible(directory: Self.directory(of: directory)) }
    try makeDirectories(above: directory)
    try FileError.disk(at: directory) { () throws(DiskError) in
      try disk.makeDirectory(directory)
    }
    try synchronizeDirectory(Self.directory(of: directory))
  }

  /// The path from the root: a daemon may change its directory later.
  func absolute(_ path: String) throws(FileError) -> String {
    if path.utf8.first == UInt8(ascii: "/") { return path }
    let directory = try FileError.disk(at: path) { () throws(DiskError) in
      try disk.workingDirectory()
    }
    return "\(directory)/\(path)"
  }

  /// The directory that a path's last name is in.
  static func directory(of path: String) -> String {
    // By bytes: to Swift, a slash and a combining mark after it are one character, and no slash.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the names in a directory survive a power cut.
  package func synchronizeDirectory(_ path: String) throws(FileError) {
    try FileError.disk(at: path) { () throws(DiskError) in
      let directory = try OpenFile(disk, path, .directory)
      try disk.synchronize(directory.descriptor)
    }
  }

  /// The same for a directory that may be another user's, who need not let us read it, or on a file system without
  /// synchronization.
  func synchronizeIfPossible(directory: String) throws(FileError) {
    do { try synchronizeDirectory(directory) } catch .disk(let error)
      where error.isElsewhere || error.isWithoutSynchronization
    {}
  }

  /// Makes a file survive a power cut that others may have made, unless its file system has no synchronization.
  func synchronizeIfPossible(_ file: OpenFile) throws(FileError) {
    do throws(DiskError) { try disk.synchronize(file.descriptor) } catch {
      if !error.isWithoutSynchronization { throw .disk(error.at(file.path)) }
    }
  }
}

/// A file that is closed when nobody holds it any more.
package final class OpenFile: Sendable {
  let descriptor: Int32
  let path: String
  /// What the process had forked when it began to open the file: a later child shares it.
  let history = ForkHistory.now
  private let disk: any Disk

  init(_ disk: any Disk, _ path: String, _ purpose: OpenPurpose) throws(DiskError) {
    descriptor = try disk.open(path, purpose)
    (self.disk, self.path) = (disk, path)
  }

  deinit { disk.close(descriptor) }
}

extension DiskError {
  /// The same error with the path that the call did not know.
  func at(_ path: String) -> DiskError {
    DiskError(call: call, path: self.path ?? path, errno: errno)
  }
}

extension [UInt8] {
  /// Lends the memory from `offset` on, to be read into.
  mutating func fill(
    from offset: Int, _ body: (UnsafeMutableRawBufferPointer) throws(DiskError) -> Int
  ) throws(DiskError) -> Int {
    unsafe try withUnsafeMutableBufferPointer { (all) throws(DiskError) in
      let rest = unsafe UnsafeMutableRawBufferPointer(all)[offset...]
      return unsafe try body(UnsafeMutableRawBufferPointer(rebasing: rest))
    }
  }
}
