/// The mutual exclusion of those who compact a vault beside its writers, held until this is released or the process dies.
/// It excludes no reader or writer of the vault.
///
/// A child that is forked meanwhile shares it. If the parent is killed, no process compacts beside the writers until that
/// child ends; a save compacts then, with the writer lock.
final class CompactionLock: Sendable {
  /// The byte of the lock file that is locked, behind those that stand for records.
  private static let byte: Int64 = (1 << 61) + 1

  private let file: LockFile

  /// Takes the lock; nil if another thread or process has it.
  init?(_ location: VaultLocation, disk: any Disk) throws(FileError) {
    let file = try LockFile(location, disk: disk)
    guard try file.tryLock(Self.byte) else { return nil }
    // From here on, a failure runs `deinit`.
    self.file = file
    guard try file.isCurrent() else { return nil }
  }

  deinit { file.unlock(Self.byte) }
}
