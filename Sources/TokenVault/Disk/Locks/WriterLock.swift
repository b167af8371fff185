internal import Synchronization

/// The mutual exclusion of a vault's writers, held until this is released or the process dies.
///
/// It is the lock on the lock file, and behind it the locks on the inodes that are written or replaced
/// (``LockedInode``).
final class WriterLock: Sendable {
  /// The byte of the lock file that writers lock.
  private static let writerByte: Int64 = 0

  private struct Rights {
    var file: LockFile?
    var inodes: [LockedInode] = []
  }

  private let location: VaultLocation
  private let disk: any Disk
  private let timeout: Duration
  private let deadline: ContinuousClock.Instant
  private let rights: Mutex<Rights>

  /// Waits for the lock for at most `timeout`, or until the calling task is cancelled, which is told as a timeout; `kept`
  /// is a lock file that this process has opened before. On failure it locks nothing.
  init(
    _ location: VaultLocation, disk: any Disk, timeout: Duration, kept: LockFile? = nil
  ) throws(FileError) {
    (self.location, self.disk, self.timeout) = (location, disk, timeout)
    let deadline = ContinuousClock.now.advanced(by: timeout)
    self.deadline = deadline
    var kept = kept
    let wait = LockWait.current
    while true {
      let file = if let kept { kept } else { try LockFile(location, disk: disk) }
      kept = nil
      guard let isLocked = try disk.retry(until: deadline, wait, Self.attempt(file)) else {
        throw .lockTimeout(
          path: location.path, seconds: timeout / .seconds(1), holder: file.writer)
      }
      if isLocked {
        if wait?.begin() == false {
          file.unlock(Self.writerByte)
          continue
        }
        file.announceWriter()
        rights = Mutex(Rights(file: file))
        return
      }
    }
  }

  /// Whether the lock was taken; false if the lock file is no longer the one at its path, nil if another writer has it.
  private static func attempt(_ file: LockFile) throws(FileError) -> Bool? {
    guard try file.tryLock(writerByte) else { return try file.isRemoved() ? false : nil }
    var isCurrent = false
    defer { if !isCurrent { file.unlock(writerByte) } }
    isCurrent = try file.isCurrent()
    return isCurrent
  }

  deinit { release() }

  /// Releases the lock, and returns the lock file, to be kept for the next time.
  @discardableResult
  func release() -> LockFile? {
    rights.withLock { rights in
      for inode in rights.inodes { inode.unlock() }
      rights.inodes = []
      defer { rights.file = nil }
      rights.file?.unlock(Self.writerByte)
      rights.file?.withdrawWriter()
      return rights.file
    }
  }

  // MARK: Inodes

  /// Whether the inode with this status is locked.
  func holds(_ status: FileStatus) -> Bool {
    rights.withLock { rights in rights.inodes.contains { $0.isLock(of: status) } }
  }

  /// Locks the inode of an open file, too; waits for the rest of the timeout.
  func hold(_ file: OpenFile, _ status: FileStatus) throws(FileError) {
    if holds(status) { return }
    // Its holder has announced itself through a lock file that is no longer at its path, so it has no name here.
    guard let inode = try disk.retry(until: deadline, nil, LockedInode(file, status)) else {
      throw .lockTimeout(path: location.path, seconds: timeout / .seconds(1), holder: nil)
    }
    rights.withLock { $0.inodes.append(inode) }
  }
}

extension Disk {
  /// Polls until the time is up, or the wait is cancelled; nil then.
  ///
  /// An append holds a lock for some 30 µs, less than the shortest sleep takes. So this polls as often as the scheduler
  /// lets it for some times as long, sleeps, and begins again: one that only slept would hardly ever find the lock of busy
  /// writers free. The sleeps are random, so that many waiters do not return together, and grow with the time waited, to
  /// 10 ms, because a replace holds the lock longer; by a sixteenth of it, so that a waiter does not oversleep for much longer
  /// than the lock was held, and then finds it taken by the next one.
  fileprivate func retry<Result>(
    until deadline: ContinuousClock.Instant, _ wait: LockWait?,
    _ attempt: @autoclosure () throws(FileError) -> Result?
  ) throws(FileError) -> Result? {
    var (waited, yieldsEnd) = (UInt32(0), ContinuousClock.now.advanced(by: .microseconds(200)))
    while wait?.isCancelled != true {
      if let result = try attempt() { return result }
      let now = ContinuousClock.now
      guard now < deadline else { return nil }
      if now < yieldsEnd {
        pause(microseconds: 0)
        continue
      }
      let longest = min(max(waited / 16, 60), 10_000)
      let interval = UInt32.random(in: longest / 2...longest)
      pause(microseconds: interval)
      waited = min(waited + interval, 1_000_000)
      yieldsEnd = .now.advanced(by: .microseconds(100))
    }
    return nil
  }
}
