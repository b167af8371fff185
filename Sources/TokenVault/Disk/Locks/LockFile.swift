/// The file beside a vault whose bytes stand for rights, opened once: what is locked through it is let go with it,
/// also by a process that dies.
///
/// A forked child shares the open file description, and with it the locks. So only the process that opened the file
/// unlocks, and it does so explicitly: to close the file would leave the lock to the child.
package final class LockFile: Sendable {
  private let file: OpenFile
  private let status: FileStatus
  private let disk: any Disk

  init(_ location: VaultLocation, disk: any Disk) throws(FileError) {
    (file, status) = try PrivateFile(disk: disk).open(location.lock, .locking)
    self.disk = disk
  }

  /// Takes the right to a byte, if nobody has it.
  func tryLock(_ byte: Int64) throws(FileError) -> Bool {
    try FileError.disk(at: file.path) { () throws(DiskError) in
      try disk.tryLock(file.descriptor, byte: byte)
    }
  }

  /// Whether this is still the file at its path. Someone may have removed it while we waited: then what is locked
  /// here keeps nobody out.
  func isCurrent() throws(FileError) -> Bool {
    try FileError.disk(at: file.path) { () throws(DiskError) in
      try disk.status(of: file.path)?.isSameFile(as: status) ?? false
    }
  }

  /// Whether this process has opened it, and not one that forked this one.
  var isOurs: Bool { file.history.process == ForkHistory.now.process }

  /// Whether a child that was forked since has it too.
  var isShared: Bool { file.history.forks != ForkHistory.now.forks }

  /// Releases a byte, unless the lock is that of the process which forked this one.
  func unlock(_ byte: Int64) {
    if isOurs { disk.unlock(file.descriptor, byte: byte) }
  }

  /// Lets others ask who has a byte.
  func announce(_ byte: Int64) { disk.announce(file.descriptor, byte: byte) }

  /// Ends what `announce` has begun.
  func withdraw(_ byte: Int64) { disk.withdraw(file.descriptor, byte: byte) }

  /// The process that has announced itself on a byte, where there is one.
  func holder(_ byte: Int64) -> Int32? { disk.holder(of: file.descriptor, byte: byte) }
}
