/// The result of ``Vault/freshToken(for:minimumLifetime:force:refreshing:)``.
public struct FreshToken: Sendable {
  /// The whole record, as it is stored now.
  public let token: OAuthToken
  /// Whether the record was refreshed since the call began, by this caller or another.
  public let wasRefreshed: Bool
  /// Why the record could not be refreshed, or its answer not be saved. The access token is valid nevertheless, but a
  /// stored one for less time than requested.
  public let failure: (any Error)?
  /// Whether the token could not be refreshed, and a wrong clock, now or at its save, leaves unknown if it is valid.
  public let hasUncertainEnd: Bool
  /// The number of records of its client that the query fits; this is the oldest of them.
  package internal(set) var count = 1
  /// What is not understood of the end in the server's answer, as the end of a sentence.
  package internal(set) var doubt: String?

  init(
    _ token: OAuthToken, wasRefreshed: Bool = false, failure: (any Error)? = nil,
    hasUncertainEnd: Bool = false
  ) {
    (self.token, self.wasRefreshed) = (token, wasRefreshed)
    (self.failure, self.hasUncertainEnd) = (failure, hasUncertainEnd)
  }
}
