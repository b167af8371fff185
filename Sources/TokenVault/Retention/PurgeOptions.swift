/// What a purge deletes besides the records that the vault's own limits have ended.
///
/// Limits are in whole seconds, rounded down.
public struct PurgeOptions: Sendable {
  /// Deletes records that were first saved so long ago.
  public var maxAge: Duration?
  /// Deletes records that were neither saved nor found for so long, and for the time by which their last known use may be
  /// behind (``RecordHistory/lastUsedAt``).
  public var idle: Duration?
  /// Deletes records whose access token ended so long ago, and that no refresh token can renew; zero for all of them.
  public var expired: Duration?
  /// Dry run: reports what would be deleted, and changes nothing.
  public var isDryRun = false

  /// A purge by the vault's limits alone.
  public init() {}

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
