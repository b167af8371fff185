/// When the path of a vault was last followed to its file, so that it need not be at each of many reads in a row.
///
/// What is done to the file itself, a new one renamed over it among that, is seen in its own status, and at once. That a
/// directory on the way to it was replaced is seen when the path is followed the next time, a millisecond later at
/// most.
struct StatCache: Sendable {
  private static let interval = Duration.milliseconds(1)
  /// Two changes in one tick of the kernel's clock, 10 ms at most, may leave one time of change.
  private static let tick: Int64 = 20

  private let status: FileStatus
  private let end: ContinuousClock.Instant

  /// A check of the path that begins now, and counts only if the path is followed afterwards and leads to this version:
  /// a witness that was taken later would vouch for a path that has led elsewhere since. Nil if the file was changed so
  /// lately that the next change may not be seen.
  init?(beginningWith version: VaultFile.Version, _ file: VaultFile) {
    let (begin, now) = (ContinuousClock.now, Timestamp.now)
    guard let status = file.status(of: version), status.isUnchanged(from: version.status),
      now.millisecondsSince1970 - status.changed / 1_000_000 > Self.tick
    else { return nil }
    (self.status, end) = (status, begin + Self.interval)
  }

  /// Whether the path certainly leads to the same version still.
  func holds(_ version: VaultFile.Version, _ file: VaultFile) -> Bool {
    ContinuousClock.now < end && file.status(of: version) == status
  }
}
