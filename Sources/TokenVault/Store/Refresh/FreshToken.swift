/// What a call of `Vault.freshToken` brings.
public struct FreshToken: Sendable {
  /// The whole record, as it is stored now.
  public let token: OAuthToken
  /// Whether it was refreshed since the call began, by this caller or another.
  public let wasRefreshed: Bool
  /// Why it could not be refreshed; the access token is still valid then, though not for as long as was asked.
  public let failure: (any Error)?

  init(_ token: OAuthToken, wasRefreshed: Bool = false, failure: (any Error)? = nil) {
    (self.token, self.wasRefreshed, self.failure) = (token, wasRefreshed, failure)
  }
}
