/// The lock on the inode of one of a vault's files.
///
/// It backs up the lock file, which people and cleaners remove: two writers that have locked two lock files still
/// exclude each other, because both must lock the inode that they append to or replace.
struct LockedInode: Sendable {
  /// The byte that is locked. It need not be there.
  private static let byte: Int64 = 0

  private let file: OpenFile
  private let status: FileStatus

  /// Takes the lock; nil if another open file description has it.
  init?(_ file: OpenFile, _ status: FileStatus) throws(FileError) {
    guard try file.tryLock(Self.byte) else { return nil }
    (self.file, self.status) = (file, status)
  }

  /// Whether it is the inode with this status.
  func isLock(of other: FileStatus) -> Bool { status.isSameFile(as: other) }

  func unlock() { file.unlock(Self.byte) }
}
