internal import Glibc

// What writers do to the vault's own inode: they lock it, and append to it.
extension VaultFile {
  /// Locks the inode of a version for the holder of the lock file's lock, so that a writer who has locked another lock
  /// file is kept out: the one at the path may have been removed.
  ///
  /// To be called before it is asked whether the version is the newest. If the path leads elsewhere by now, nothing is
  /// locked, and the answer will be that it is not.
  package func hold(_ version: Version, by lock: WriterLock) throws(FileError) {
    if lock.holds(version.status) { return }
    guard let file = try writable(version) else { return }
    try lock.hold(file, version.status)
  }

  /// The same, and whether the path leads to this version: then it stays the newest until the lock is let go.
  package func holdNewest(_ version: Version, by lock: WriterLock) throws(FileError) -> Bool {
    try hold(version, by: lock)
    guard lock.holds(version.status) else { return false }
    return try isCurrent(version)
  }

  /// Locks the inode that the path leads to before it is read, whatever it is, if there is one.
  package func holdWhatIsThere(by lock: WriterLock) throws(FileError) {
    var isHeld = false
    while !isHeld {
      do throws(FileError) {
        let (file, status) = try files.open(location.path, .appending)
        try lock.hold(file, status)
        isHeld = try isAtPath(status)
      } catch .missing {
        return
      }
    }
  }

  private func isAtPath(_ status: FileStatus) throws(FileError) -> Bool {
    try FileError.disk(at: location.path) { () throws(DiskError) in
      try disk.status(of: location.path)?.isSameFile(as: status) ?? false
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
    } catch .disk(let error) where error.errno == EACCES && version.status.mode & 0o200 == 0 {
      throw .unsafe(path: location.path, .readOnly(version.status.mode))
    }
  }

  /// Writes `bytes` behind the end of a version, and returns what the version is then; `synchronize` makes them
  /// durable.
  ///
  /// The caller holds the lock and the version's inode, and the version is the newest. On failure the file is as it
  /// was, unless what was written cannot be cut off again.
  package func append(
    _ bytes: Span<UInt8>, to version: Version
  ) throws(FileError) -> Version {
    let end = version.status.size
    guard end + Int64(bytes.count) <= Self.sizeLimit else {
      throw .tooLarge(path: location.path, limit: Self.sizeLimit)
    }
    let file = try writable(version)
    return try FileError.disk(at: location.path) { () throws(DiskError) in
      // A program that does not ask for the lock may have written.
      guard let file, case let status = try disk.status(of: file.descriptor),
        status.isUnchanged(from: version.status)
      else { throw DiskError(call: "write", path: location.path, errno: EBUSY) }
      if status.links > 1 { try undoUnfinishedReplace(of: status) }
      do throws(DiskError) {
        try disk.write(file.descriptor, at: end, bytes)
        return version.grown(to: try disk.status(of: file.descriptor))
      } catch {
        try? disk.truncate(file.descriptor, to: end)
        throw error
      }
    }
  }

  /// A replace that was killed between its link and its rename has left the vault itself under the name of the previous
  /// snapshot, which would change with it: takes that name away again.
  private func undoUnfinishedReplace(of vault: FileStatus) throws(DiskError) {
    if try disk.status(of: location.previous)?.isSameFile(as: vault) == true {
      try disk.remove(location.previous)
    }
  }

  /// Makes all that was written to a version's file survive a power cut, by any process. It needs no lock, so that
  /// the writers of many processes wait for the disk at once.
  package func synchronize(_ version: Version) throws(FileError) {
    try FileError.disk(at: location.path) { () throws(DiskError) in
      try disk.synchronizeData(version.file.descriptor)
    }
  }

  /// Makes the vault's name survive a power cut, whichever process gave it.
  package func synchronizeDirectory() throws(FileError) {
    try files.synchronizeDirectory(location.directory)
  }
}
