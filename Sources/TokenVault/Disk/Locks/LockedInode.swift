/// The lock on one of a vault's files, held through a descriptor that is open for writing.
///
/// It stands behind the lock file, which people and cleaners remove: two writers that have locked two lock files still
/// exclude each other here, because both must lock the inode that they append to, or replace.
struct LockedInode: Sendable {
  /// The byte of the file that stands for the right to write it. It need not be there.
  private static let byte: Int64 = 0

  private let file: OpenFile
  private let status: FileStatus
  private let owner: Int

  /// Takes the lock, if no other open file description has it; else nil.
  init?(_ file: OpenFile, _ status: FileStatus, _ disk: any Disk) throws(FileError) {
    let isLocked = try FileError.disk(at: file.path) { () throws(DiskError) in
      try disk.tryLock(file.descriptor, byte: Self.byte)
    }
    guard isLocked else { return nil }
    (self.file, self.status, owner) = (file, status, ForkHistory.now.process)
  }

  /// Whether it is the inode with this status.
  func isLock(of other: FileStatus) -> Bool { status.isSameFile(as: other) }

  /// Releases the lock, unless it is that of the process which forked this one.
  func unlock(_ disk: any Disk) {
    if owner == ForkHistory.now.process { disk.unlock(file.descriptor, byte: Self.byte) }
  }
}
