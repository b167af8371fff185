/// What a caller wants of a record.
struct FreshnessRequest: Sendable {
  /// Seconds that the access token must still live.
  let minimumLifetime: Int64
  /// Whether it must be another access token than the caller has seen.
  let isForced: Bool
  /// Whether a refresh token is to be sent although the server has rejected it.
  var triesRejected = false
  /// The record as the caller found it.
  let seen: OAuthToken

  init(_ seen: OAuthToken, minimumLifetime: Duration, isForced: Bool) {
    (self.seen, self.isForced) = (seen, isForced)
    let (seconds, rest) = minimumLifetime.components
    // A part of a second is one more; and nothing lives for longer than this.
    self.minimumLifetime = min(max(0, seconds), 1 << 40) + (rest > 0 ? 1 : 0)
  }

  /// Whether the record as it was found will do.
  func isMet(at now: VaultTime) -> Bool { !isForced && seen.isGood(for: minimumLifetime, at: now) }

  /// The record as it is now, if it needs no call: it lives long enough, or someone has refreshed it meanwhile. What
  /// the server gives is then what there is, even if it lives for less than was asked.
  func settled(by current: OAuthToken, at now: VaultTime) -> FreshToken? {
    let isOther = current.accessToken != seen.accessToken
    if isOther, current.isGood(for: 0, at: now) { return FreshToken(current, wasRefreshed: true) }
    if isForced || !current.isGood(for: minimumLifetime, at: now) { return nil }
    return FreshToken(current)
  }
}
