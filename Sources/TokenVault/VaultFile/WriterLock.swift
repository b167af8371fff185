internal import Synchronization

/// The right to write a vault, held until this is let go, also by a process that dies.
package final class WriterLock: Sendable {
  /// The byte of the lock file that stands for the right to write.
  private static let writerByte: Int64 = 0
  /// The byte on which the holder makes itself known; far from the bytes that stand for records.
  private static let announcementByte: Int64 = 1 << 62

  private let file: Mutex<LockFile?>

  /// Waits for the lock for at most `timeout`; `kept` is the lock file that another lock was let go through.
  package init(
    _ location: VaultLocation, disk: any Disk, timeout: Duration, kept: LockFile? = nil
  ) throws(FileError) {
    let deadline = ContinuousClock.now.advanced(by: timeout)
    var kept = kept
    while true {
      let file = if let kept { kept } else { try LockFile(location, disk: disk) }
      kept = nil
      guard try Self.take(file, disk, until: deadline) else {
        throw .lockTimeout(
          path: location.path, seconds: timeout / .seconds(1),
          holder: file.holder(Self.announcementByte))
      }
      if try file.isCurrent() {
        file.announce(Self.announcementByte)
        self.file = Mutex(file)
        return
      }
    }
  }

  /// Lets it go, before the last reference to it does; gives the lock file, to be kept for the next time.
  @discardableResult
  package func release() -> LockFile? {
    file.withLock { file in
      defer { file = nil }
      file?.unlock(Self.writerByte)
      file?.unlock(Self.announcementByte)
      return file
    }
  }

  /// Tries again and again, at random intervals, so that many who wait do not come back together; false when the time
  /// is up. An append has the lock for some 50 µs, a replace for longer: the intervals grow with the time waited, to
  /// 10 ms.
  private static func take(
    _ file: LockFile, _ disk: any Disk, until deadline: ContinuousClock.Instant
  ) throws(FileError) -> Bool {
    var waited: UInt32 = 0
    while try !file.tryLock(writerByte) {
      guard ContinuousClock.now < deadline else { return false }
      let longest = min(max(waited / 4, 60), 10_000)
      let pause = UInt32.random(in: longest / 2...longest)
      disk.pause(microseconds: pause)
      waited = min(waited + pause, 1_000_000)
    }
    return true
  }
}
