/// The lock file beside a vault, each byte of which stands for one lock. The kernel releases the locks of a process
/// that dies.
///
/// A forked child shares the open file description, and with it the locks. So only the process that opened the file
/// unlocks, and it does so explicitly: to close the file would leave the lock to the child.
final class LockFile: Sendable {
  private let file: OpenFile
  private let status: FileStatus
  private let disk: any Disk

  init(_ location: VaultLocation, disk: any Disk) throws(FileError) {
    (file, status) = try PrivateFile(disk: disk).open(location.lock, .locking)
    self.disk = disk
  }

  func tryLock(_ byte: Int64) throws(FileError) -> Bool { try file.tryLock(byte) }

  /// Whether this is still the file at its path. If it was removed meanwhile, its locks exclude no one.
  func isCurrent() throws(FileError) -> Bool { try disk.leads(file.path, to: status) }

  /// Whether it has lost its name, which is found out without following its path.
  func isRemoved() throws(FileError) -> Bool { try file.identity().links == 0 }

  var isOurs: Bool { file.isOurs }

  /// Whether a child forked since shares it.
  var isShared: Bool { file.history.forks != ForkHistory.now.forks }

  func unlock(_ byte: Int64) { file.unlock(byte) }

  // MARK: The writer

  /// The byte on which a writer announces itself; far from the bytes that stand for records.
  private static let announcementByte: Int64 = 1 << 62

  /// Lets other processes ask which one writes, until `withdrawWriter`.
  func announceWriter() { disk.announce(file.descriptor, byte: Self.announcementByte) }
  func withdrawWriter() { disk.withdraw(file.descriptor, byte: Self.announcementByte) }

  /// The other process that has the writer lock, if it has announced itself.
  var writer: Int32? { disk.holder(of: file.descriptor, byte: Self.announcementByte) }
}
