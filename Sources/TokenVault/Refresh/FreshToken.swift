/// What a call of `Vault.freshToken` brings.
public struct FreshToken: Sendable {
  /// The whole record, as it is stored now.
  public let token: OAuthToken
  /// Whether it was refreshed since the call began, by this caller or another.
  public let wasRefreshed: Bool
  /// Why it could not be refreshed; the access token is still valid then, though not for as long as was asked.
  public let failure: (any Error)?
  /// Whether it is unknown if the access token is still valid: the clock was wrong when it was saved, or is wrong
  /// now, and it could not be refreshed.
  public let hasUncertainEnd: Bool
  /// How many records of its client the query fits; this is the oldest of them.
  package private(set) var count = 1

  init(
    _ token: OAuthToken, wasRefreshed: Bool = false, failure: (any Error)? = nil,
    hasUncertainEnd: Bool = false
  ) {
    (self.token, self.wasRefreshed) = (token, wasRefreshed)
    (self.failure, self.hasUncertainEnd) = (failure, hasUncertainEnd)
  }

  /// The same, found by a query that fits so many records.
  func ofMany(_ count: Int) -> FreshToken {
    var fresh = self
    fresh.count = count
    return fresh
  }
}
