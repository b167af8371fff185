extension Vault {
  /// Returns the record that the query selects, with an access token that lives for `minimumLifetime`: the stored one,
  /// or else a new one, for which one caller among all threads and processes calls `refreshing`.
  ///
  /// The other callers wait and get its result. The right to refresh the record is held until the answer is durable; a
  /// process that dies releases it at once. A task that is cancelled stops waiting; a call that it has begun goes on
  /// for the others, and its answer is saved.
  ///
  /// If the refresh fails while the stored access token is still valid, the result is that token with
  /// ``FreshToken/failure``; ``FreshToken/hasUncertainEnd`` is set if a wrong clock leaves its validity unknown.
  ///
  /// - Parameters:
  ///   - query: selects the record.
  ///   - minimumLifetime: how long the access token must still live.
  ///   - force: whether to require another access token although the stored one lives; a failure is then thrown.
  ///   - refreshing: sends the record to its server, as `RefreshTokenGrant` does. It throws ``TokenEndpointError`` for
  ///     a refusal, and ``RefreshFailure`` to tell whether the refresh token may have been used. It may take
  ///     ``VaultConfiguration/refreshTimeout``; then it is cancelled, and an answer that it returns nevertheless is
  ///     saved if it still can be.
  /// - Throws: ``TokenVaultError/noMatch``, ``TokenVaultError/severalClients(_:record:)`` and
  ///   ``TokenVaultError/ended(_:)`` for the query; `refreshRefused` if the server refuses, at once and without a call
  ///   if it has rejected this refresh token before; `refreshFailed`, `refreshTimeout` and `refreshLockTimeout`;
  ///   `CancellationError`; any other error of `refreshing` as it is; and what ``Vault/save(_:ifRevision:)`` throws.
  public func freshToken(
    for query: TokenQuery, minimumLifetime: Duration = .seconds(60), force: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    try await sharedFreshToken(
      for: query, minimumLifetime: minimumLifetime, force: force, refreshing)
  }

  /// Returns what ``freshToken(for:minimumLifetime:force:refreshing:)`` returns, for programs without tasks: blocks the
  /// calling thread, and runs `refreshing` on a thread of its own.
  ///
  /// - Throws: what ``freshToken(for:minimumLifetime:force:refreshing:)`` throws, except `CancellationError`.
  @available(*, noasync, message: "this waits on the calling thread")
  public func waitForFreshToken(
    for query: TokenQuery, minimumLifetime: Duration = .seconds(60), force: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    let found = try requireRecord(matching: query)
    let request = FreshnessRequest(
      found.token, minimumLifetime: minimumLifetime, isForced: force, asked: time().clock)
    return try waitForFreshToken(request, count: found.count, refreshing)
  }

  /// Refreshes a record without a use of it, so that the limit `idle` still ends a record that no program needs.
  ///
  /// - Parameter triesRejected: whether to send a refresh token that the server has rejected before.
  /// - Throws: what ``waitForFreshToken(for:minimumLifetime:force:refreshing:)`` throws.
  package func keepFresh(
    _ query: TokenQuery, minimumLifetime: Duration, force: Bool = false,
    triesRejected: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    let (found, policy) = try withCurrentState { (state) throws(TokenVaultError) in
      (try state.find(query), state.records.policy)
    }
    guard let found else { throw TokenVaultError.noMatch }
    if let ended = policy.ended(found.token, at: time()) { throw TokenVaultError.ended(ended) }
    var request = FreshnessRequest(
      found.token, minimumLifetime: minimumLifetime, isForced: force, asked: time().clock)
    request.triesRejected = triesRejected
    return try waitForFreshToken(request, count: found.count, refreshing)
  }

  private func waitForFreshToken(
    _ request: FreshnessRequest, count: Int,
    _ refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    var fresh = FreshToken(request.seen)
    if !request.isMet(at: time()) {
      let refresh = RecordRefresh(store: self, request: request)
      do { fresh = try refresh.run(EndpointCaller(blocking: refreshing)) } catch {
        fresh = try refresh.fallback(after: error)
      }
    }
    fresh.count = count
    return fresh
  }
}
