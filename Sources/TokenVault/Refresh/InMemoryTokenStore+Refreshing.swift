extension InMemoryTokenStore {
  /// The record that the query selects, with an access token that lives for `minimumLifetime`, by the same rules as
  /// ``Vault/freshToken(for:minimumLifetime:force:refreshing:)``: one of all callers in this process calls `refreshing`.
  ///
  /// - Throws: As ``Vault/freshToken(for:minimumLifetime:force:refreshing:)``.
  public func freshToken(
    for query: TokenQuery, minimumLifetime: Duration = .seconds(60), force: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    try await sharedFreshToken(
      for: query, minimumLifetime: minimumLifetime, force: force, refreshing)
  }
}

extension InMemoryTokenStore: RefreshableStore {
  /// Those of a vault that is not configured otherwise.
  var refreshLimits: RefreshLimits {
    RefreshLimits(lock: .seconds(10), call: .seconds(30), save: .seconds(30))
  }

  func time() -> VaultTime { VaultTime(clock: .now) }

  func requireRecord(matching query: TokenQuery) throws(TokenVaultError) -> FoundRecord {
    guard let found = try FoundRecord(match(query)) else { throw .noMatch }
    return found
  }

  func findWithoutUse(_ query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    try findToken(matching: query)
  }

  func attemptLock(ofRecord id: String) throws(TokenVaultError) -> (any RefreshRight)? {
    MemoryRefreshRight.attempt(id, of: refreshed)
  }

  func update<Result: Sendable>(
    record id: String, timeout: Duration?, saving tokens: [OAuthToken],
    _ body: (inout TokenTable, VaultTime) throws(TokenVaultError) -> (Result, RecordCommit)
  ) throws(TokenVaultError) -> Result {
    try change { (table) throws(TokenVaultError) in
      var copy = table
      let (result, _) = try body(&copy, time())
      table = copy
      return result
    }
  }

  func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    return try body()
  }

  func report(_ event: VaultEvent) {}

  func pause(microseconds: UInt32) {}
}
