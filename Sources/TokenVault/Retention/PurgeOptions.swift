/// What a purge deletes beyond the records that the vault's own limits have ended.
///
/// Limits are whole seconds; smaller parts are cut off.
public struct PurgeOptions: Sendable {
  /// Records that were first saved so long ago.
  public var maxAge: Duration?
  /// Records that were not saved or handed out for so long, and for the time besides by which the note of their
  /// last use may lie behind (see `RecordHistory.lastUsedAt`).
  public var idle: Duration?
  /// Records whose access token ended so long ago, zero for all that have ended, and that nothing can renew.
  public var expired: Duration?
  /// Tells what would be deleted, and changes nothing.
  public var isDryRun = false

  /// A purge of what the vault's limits have ended, and nothing else.
  public init() {}

  /// The seconds of a limit; nil for none.
  func seconds(of limit: RetentionPolicy.Limit) -> Int64? {
    let duration =
      switch limit {
      case .maxAge: maxAge
      case .idle: idle
      case .expired: expired
      }
    return duration.map { min(max($0.components.seconds, 0), RetentionPolicy.secondsLimit) }
  }
}
