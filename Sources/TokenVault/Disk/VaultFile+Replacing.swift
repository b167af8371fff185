internal import Glibc

// A new version of the vault, from its first byte to its name. Its inode is locked from the beginning, so that no other
// writer takes it for what a killed one has left, and none writes to it under its new name before the lock is let go.
extension VaultFile {
  /// Begins a new version that is written piece by piece; the caller holds the lock.
  ///
  /// If the name is taken, the file was left by a writer that was killed, or is another one's that has locked another
  /// lock file: the lock on the inode tells which.
  package func beginNew(under lock: WriterLock) throws(FileError) -> OpenFile {
    while true {
      do throws(FileError) {
        return try lockedNew(lock)
      } catch .alreadyThere {
        try removeAbandonedNew(lock)
      }
    }
  }

  private func lockedNew(_ lock: WriterLock) throws(FileError) -> OpenFile {
    let file = try files.make(location.new)
    do throws(FileError) {
      try lock.hold(file, status(of: file))
      return file
    } catch {
      discardNew(file)
      throw error
    }
  }

  /// Removes what a killed writer left; waits for one that lives, as long as the lock's timeout lets it.
  private func removeAbandonedNew(_ lock: WriterLock) throws(FileError) {
    do throws(FileError) {
      let (file, status) = try files.open(location.new, .appending)
      try lock.hold(file, status)
      guard try isNew(status) else { return }
    } catch .missing {
      return
    } catch .unsafe {
      // Not made by a writer.
    } catch .notRegular {
      // Likewise.
    }
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.remove(location.new)
    }
  }

  private func status(of file: OpenFile) throws(FileError) -> FileStatus {
    try FileError.disk(at: file.path) { () throws(DiskError) in
      try disk.status(of: file.descriptor)
    }
  }

  /// Whether the name of the new version is that of the file with this status.
  private func isNew(_ status: FileStatus) throws(FileError) -> Bool {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.status(of: location.new)?.isSameFile(as: status) ?? false
    }
  }

  /// Refuses to give the vault's name to another file than the one that was written; on a failure that is gone again.
  private func checkNew(_ file: OpenFile) throws(FileError) {
    let isOurs: Bool
    do throws(FileError) { isOurs = try isNew(status(of: file)) } catch {
      discardNew(file)
      throw error
    }
    guard isOurs else {
      throw .disk(DiskError(call: "rename", path: location.new, errno: ESTALE))
    }
  }

  /// Writes the next piece of a new version.
  package func append(_ bytes: Span<UInt8>, to file: OpenFile) throws(FileError) {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.write(file.descriptor, bytes)
    }
  }

  /// Writes over a piece of a new version.
  package func overwrite(
    _ bytes: Span<UInt8>, at offset: Int64, in file: OpenFile
  ) throws(FileError) {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.write(file.descriptor, at: offset, bytes)
    }
  }

  /// Makes a new version durable that was written piece by piece, but for its name.
  package func synchronize(_ file: OpenFile) throws(FileError) {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.synchronize(file.descriptor)
    }
  }

  /// Takes a new version away that was not put in the vault's place.
  package func discardNew(_ file: OpenFile) {
    if (try? isNew(status(of: file))) == true { try? disk.remove(location.new) }
  }

  /// Gives a new version the vault's name, which must not be taken; the caller holds the lock. On failure both are
  /// gone again.
  package func create(_ file: OpenFile) throws(FileError) -> Version {
    try checkNew(file)
    do throws(DiskError) {
      try disk.link(location.new, to: location.path)
    } catch {
      try? disk.remove(location.new)
      throw error.isAlreadyThere ? .alreadyThere(path: location.path) : .disk(error)
    }
    do throws(FileError) {
      try FileError.disk(at: location.new) { () throws(DiskError) in
        try disk.remove(location.new)
      }
      try files.synchronizeDirectory(location.directory)
      return try version(file)
    } catch {
      try? disk.remove(location.path)
      try? disk.remove(location.new)
      throw error
    }
  }

  /// Puts a new version in the vault's place, durable when this returns; the caller holds the lock.
  ///
  /// On failure the vault is the old one, or, where the very last step fails (the directory's
  /// synchronization), the new one.
  package func replace(with file: OpenFile, previous: Previous) throws(FileError) -> Version {
    try checkNew(file)
    do throws(DiskError) {
      // Before the rename: what a delete takes away must not outlive it.
      let isThere = try disk.status(of: location.path) != nil
      // If a person has removed the vault, the previous snapshot is all that there is, but for the new version.
      if previous == .remove || previous == .keep && isThere { try disk.remove(location.previous) }
      if previous == .keep, isThere { try disk.link(location.path, to: location.previous) }
      try disk.rename(location.new, to: location.path)
    } catch {
      discardNew(file)
      // What the kernel says of a mount where it did not tell before.
      throw [EXDEV, EBUSY].contains(error.errno) ? .mounted(path: location.path) : .disk(error)
    }
    try files.synchronizeDirectory(location.directory)
    return try version(file)
  }

  private func version(_ file: OpenFile) throws(FileError) -> Version {
    Version(file, try status(of: file), Appender(file))
  }
}
