internal import Glibc

// Writers lock the vault's inode, and append to it.
extension VaultFile {
  /// Locks the inode of a version, which excludes a writer that has locked another lock file because the first one was
  /// removed.
  ///
  /// Call it before you ask whether the version is the newest. It locks nothing if the path leads elsewhere by now; the
  /// version is not the newest then.
  func hold(_ version: Version, by lock: WriterLock) throws(FileError) {
    if lock.holds(version.status) { return }
    guard let file = try writable(version) else { return }
    try lock.hold(file, version.status)
  }

  /// The same; returns whether the version is the newest, which it stays until the lock is released.
  func holdNewest(_ version: Version, by lock: WriterLock) throws(FileError) -> Bool {
    try hold(version, by: lock)
    guard lock.holds(version.status) else { return false }
    return try isCurrent(version)
  }

  /// Locks the inode that the path leads to before it is read, if there is one.
  func holdWhatIsThere(by lock: WriterLock) throws(FileError) {
    var isHeld = false
    while !isHeld {
      do throws(FileError) {
        let (file, status) = try files.open(location.path, .appending)
        try lock.hold(file, status)
        isHeld = try disk.leads(location.path, to: status)
      } catch .missing {
        return
      }
    }
  }

  /// The file of a version, open for writing; nil if the path leads to another file or to none.
  private func writable(_ version: Version) throws(FileError) -> OpenFile? {
    do throws(FileError) {
      return try version.appender.file { () throws(FileError) in
        let (file, status) = try files.open(location.path, .appending)
        return status.isSameFile(as: version.status) ? file : nil
      }
    } catch .missing {
      return nil
    } catch  where error.errno == EACCES && version.status.mode & 0o200 == 0 {
      throw .unsafe(path: location.path, .readOnly(version.status.mode))
    }
  }

  /// Writes bytes over those of a version at an offset, under the writer lock and that of its inode. `synchronize` makes
  /// them durable.
  ///
  /// - Throws: On failure the bytes may be written in part.
  func write(
    _ bytes: Span<UInt8>, at offset: Int64, to version: Version
  ) throws(FileError) {
    try appendable(version).write(bytes, at: offset)
  }

  /// Adds bytes from `end` on, which is at or behind the end of a version, and makes them durable, under the writer lock
  /// and that of its inode.
  ///
  /// - Returns: The version that the file is then. On failure the file is as before, unless it cannot be truncated.
  func extend(
    _ version: Version, with bytes: Span<UInt8>, to end: Int64
  ) throws(FileError) -> Version {
    let file = try appendable(version)
    do throws(FileError) {
      try file.write(bytes, at: end)
      try file.synchronizeData()
      return version.grown(to: try file.identity())
    } catch {
      try? file.truncate(to: version.status.size)
      throw error
    }
  }

  /// The file of a version to write to, whose status was read under the lock.
  private func appendable(_ version: Version) throws(FileError) -> OpenFile {
    // A program that takes no locks may have replaced it.
    guard let file = try writable(version) else {
      throw .system(SystemCallError("write", location.path, errno: EBUSY))
    }
    if version.status.links > 1 { try undoUnfinishedReplace(of: version.status) }
    return file
  }

  /// Removes the second name of the vault that a replace has left which was killed between its link and its rename:
  /// the previous snapshot would change with the vault.
  private func undoUnfinishedReplace(of vault: FileStatus) throws(FileError) {
    if try disk.leads(location.previous, to: vault) { try disk.remove(location.previous) }
  }

  /// Makes all that any process has written to a version's file durable. It needs no lock, so that the writers of many
  /// processes wait for the disk at the same time.
  func synchronize(_ version: Version) throws(FileError) {
    try version.file.synchronizeData()
  }

  /// Makes the vault's name durable, whichever process gave it.
  func synchronizeDirectory() throws(FileError) {
    try files.synchronizeDirectory(location.directory)
  }
}
