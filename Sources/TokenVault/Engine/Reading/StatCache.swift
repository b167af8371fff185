/// The last time that the path of a vault was resolved to its file, so that many reads in a row resolve it once.
///
/// A change of the file itself, also a rename over it, shows in the file's own status, at once. A replaced directory on
/// the way to it shows when the path is resolved the next time, a millisecond later at most.
struct StatCache: Sendable {
  private static let interval = Duration.milliseconds(1)
  /// Two changes in one tick of the kernel's clock, 10 ms at most, may leave one time of change.
  private static let tick: Int64 = 20

  private let status: FileStatus
  private let end: ContinuousClock.Instant

  /// Begins a check; it counts only if the path is resolved after this, and leads to this version. A status taken later
  /// could belong to a path that leads elsewhere by then. Nil if the file was changed so recently that the next change may
  /// leave the same time.
  init?(beginningWith version: VaultFile.Version, _ file: VaultFile) {
    let start = Start()
    guard let status = file.status(of: version), status.isUnchanged(from: version.status) else {
      return nil
    }
    self.init(status, at: start)
  }

  /// A check that began before the path was resolved, and led to a file with this status; nil as above.
  init?(_ status: FileStatus, at start: Start) {
    guard start.time.millisecondsSince1970 - status.changed / 1_000_000 > Self.tick else {
      return nil
    }
    (self.status, end) = (status, start.instant + Self.interval)
  }

  /// When a check began.
  struct Start {
    fileprivate let instant = ContinuousClock.now
    fileprivate let time = Timestamp.now
  }

  /// Whether the path certainly still leads to this version.
  func holds(_ version: VaultFile.Version, _ file: VaultFile) -> Bool {
    ContinuousClock.now < end && file.status(of: version) == status
  }
}
