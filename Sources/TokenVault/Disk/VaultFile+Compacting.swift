// The new version that a compaction writes while the writers go on. Its inode is locked from its first byte, as that of
// every new version.
extension VaultFile {
  /// Begins a new version, to be written without the writer lock.
  ///
  /// If its name is taken, a killed compaction has left the file, which is removed, or one with another lock file is
  /// writing it.
  ///
  /// - Returns: The file; nil if another compaction is writing.
  func beginCompacted(under lock: CompactionLock) throws(FileError) -> OpenFile? {
    guard try removeAbandonedCompacted() else { return nil }
    let file = try files.make(location.compacted)
    do throws(FileError) {
      if try LockedInode(file, file.status()) != nil { return file }
    } catch {
      discardNew(file)
      throw error
    }
    return nil
  }

  /// Removes what a killed compaction left; false if it belongs to a live one.
  func removeAbandonedCompacted() throws(FileError) -> Bool {
    do throws(FileError) {
      let (file, status) = try files.open(location.compacted, .appending)
      guard let inode = try LockedInode(file, status) else { return false }
      defer { inode.unlock() }
      try disk.remove(location.compacted)
    } catch .missing {
      // There is none.
    } catch .unsafe, .notRegular {
      // No compaction has made it.
      try disk.remove(location.compacted)
    }
    return true
  }

  /// The version that a version's file is now, with locks of its own: through one open file, two threads of a process
  /// would share them.
  func reopened(_ version: Version) throws(FileError) -> Version {
    Version(version.file, try version.file.identity())
  }

  /// Locks the inode of a new version for the writer who is about to replace the vault by it, and verifies that `old` is
  /// still the newest version.
  func hold(
    _ new: OpenFile, toReplace old: Version, by lock: WriterLock
  ) throws(FileError) {
    guard try holdNewest(old, by: lock) else { throw staleNew(new) }
    try lock.hold(new, new.status())
  }
}
