internal import Glibc

// A new version of the vault, from its first byte to its name. Its inode is locked from the beginning: no other writer
// removes it as abandoned, and none appends to it under its new name before the lock is released.
extension VaultFile {
  /// Begins a new version, to be written piece by piece under the writer lock.
  ///
  /// If its name is taken, a killed writer has left the file, or a writer with another lock file is writing it: the
  /// lock on the inode tells which.
  func beginNew(under lock: WriterLock) throws(FileError) -> OpenFile {
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
      try lock.hold(file, file.status())
      return file
    } catch {
      discardNew(file)
      throw error
    }
  }

  /// Removes what a killed writer left; waits for a live one until the lock's timeout.
  private func removeAbandonedNew(_ lock: WriterLock) throws(FileError) {
    do throws(FileError) {
      let (file, status) = try files.open(location.new, .appending)
      try lock.hold(file, status)
      guard try disk.leads(location.new, to: status) else { return }
    } catch .missing {
      return
    } catch .unsafe {
      // No writer has made it.
    } catch .notRegular {
      // Likewise.
    }
    try disk.remove(location.new)
  }

  /// Refuses to give the vault's name to another file than the one that was written.
  private func checkNew(_ file: OpenFile) throws(FileError) {
    guard try disk.leads(file.path, to: file.status()) else { throw staleNew(file) }
  }

  /// The error of a new version that may not replace the vault: its name, or the vault's, leads elsewhere by now.
  func staleNew(_ file: OpenFile) -> FileError {
    .system(SystemCallError("rename", file.path, errno: ESTALE))
  }

  /// Removes a new version that has not replaced the vault.
  func discardNew(_ file: OpenFile) {
    if (try? disk.leads(file.path, to: file.status())) == true { try? disk.remove(file.path) }
  }

  /// Gives a new version the vault's name, which must not be taken, under the writer lock. A failure removes both
  /// names.
  func create(_ file: OpenFile) throws(FileError) -> Version {
    try checkNew(file)
    do throws(FileError) {
      try disk.link(location.new, to: location.path)
    } catch {
      try? disk.remove(location.new)
      throw error.errno == EEXIST ? .alreadyThere(path: location.path) : error
    }
    do throws(FileError) {
      try disk.remove(location.new)
      try files.synchronizeDirectory(location.directory)
      return try version(file)
    } catch {
      try? disk.remove(location.path)
      try? disk.remove(location.new)
      throw error
    }
  }

  /// Replaces the vault by a new version, durable when this returns, under the writer lock.
  ///
  /// On failure the vault is the old version, or the new one if a step after the rename fails.
  func replace(with file: OpenFile, previous: Previous) throws(FileError) -> Version {
    try checkNew(file)
    do throws(FileError) {
      // Before the rename: what a delete removes must not outlive it.
      let isThere = try disk.isThere(location.path)
      // If a person has removed the vault, its previous snapshot is the only other copy, so it stays.
      if previous == .remove || previous == .keep && isThere { try disk.remove(location.previous) }
      if previous == .keep, isThere { try disk.link(location.path, to: location.previous) }
      if previous == .remove { try disk.remove(location.compacted) }
      try disk.rename(file.path, to: location.path)
    } catch {
      discardNew(file)
      // A mount point that the kernel did not report as one before.
      throw [EXDEV, EBUSY].contains(error.errno) ? .mounted(path: location.path) : error
    }
    // A compaction that begins from here on finds that the vault is another.
    if previous == .remove { try disk.remove(location.compacted) }
    try files.synchronizeDirectory(location.directory)
    return try version(file)
  }

  private func version(_ file: OpenFile) throws(FileError) -> Version {
    Version(file, try file.status(), Appender(file))
  }
}
