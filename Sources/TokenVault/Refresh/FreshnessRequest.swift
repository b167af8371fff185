/// What a caller requires of a record's access token.
struct FreshnessRequest: Sendable {
  /// How long the access token must still live, in seconds.
  let minimumLifetime: Int64
  /// Whether it must be another access token than the caller has seen.
  let isForced: Bool
  /// Whether to send a refresh token that the server has rejected before.
  var triesRejected = false
  /// The record as the caller found it, and when; nil if it does not matter.
  let seen: OAuthToken
  let asked: Timestamp?

  init(
    _ seen: OAuthToken, minimumLifetime: Duration, isForced: Bool, asked: Timestamp? = nil
  ) {
    (self.seen, self.isForced, self.asked) = (seen, isForced, asked)
    let (seconds, rest) = minimumLifetime.components
    // Rounded up, and limited to what can be added to any time.
    self.minimumLifetime = min(max(0, seconds), 1 << 40) + (rest > 0 ? 1 : 0)
  }

  /// Whether the record satisfies the request as it was found.
  func isMet(at now: VaultTime) -> Bool { !isForced && seen.isGood(for: minimumLifetime, at: now) }

  /// The result, if the record as it is now needs no call: its access token lives long enough, or another caller has
  /// refreshed it. A new token counts even if the server lets it live for less than requested.
  func satisfied(by current: OAuthToken, at now: VaultTime) -> FreshToken? {
    let isOther = !current.hasSameText(.accessToken, as: seen)
    if isOther, current.isGood(for: 0, at: now) || isAnswered(by: current) {
      return FreshToken(current, wasRefreshed: true)
    }
    if isForced || !current.isGood(for: minimumLifetime, at: now) { return nil }
    return FreshToken(current)
  }

  /// Whether another access token is that of an answer that came since the caller asked, although it is due already: some
  /// servers let their tokens live for 0 s, or do not say for how long. Another call would bring no better one.
  private func isAnswered(by current: OAuthToken) -> Bool {
    guard let asked, current.has(.accessToken) else { return false }
    switch current.expiresAt {
    case .unknown: return true
    case .at(let end): return end >= asked
    default: return false
    }
  }
}
