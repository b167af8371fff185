/// A store that also keeps access tokens fresh and reports changes: ``Vault``, and ``InMemoryTokenStore`` for the tests of
/// programs that use either.
public protocol RefreshingTokenStore: TokenStore {
  /// The changes of a store.
  associatedtype Changes: AsyncSequence & Sendable where Changes.Element == VaultChange

  /// The record that the query selects, with an access token that lives for `minimumLifetime`; of all callers at the same
  /// time, one calls `refreshing`.
  ///
  /// - Parameters:
  ///   - query: Selects the record.
  ///   - minimumLifetime: How long the access token must still live.
  ///   - force: Whether to require another access token although the stored one lives.
  ///   - refreshing: Sends the record to its server.
  /// - Throws: As ``Vault/freshToken(for:minimumLifetime:force:refreshing:)``.
  func freshToken(
    for query: TokenQuery, minimumLifetime: Duration, force: Bool,
    refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken

  /// The changes that are made from now on, each one once.
  func changes() async throws -> Changes
}

extension RefreshingTokenStore {
  /// The same for an access token that lives for a minute, unless the caller says otherwise.
  ///
  /// - Throws: As ``freshToken(for:minimumLifetime:force:refreshing:)``.
  public func freshToken(
    for query: TokenQuery, minimumLifetime: Duration = .seconds(60),
    refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    try await freshToken(
      for: query, minimumLifetime: minimumLifetime, force: false, refreshing: refreshing)
  }
}
