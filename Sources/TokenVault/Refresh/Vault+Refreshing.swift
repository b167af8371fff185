extension Vault {
  /// The record that the query means, with an access token that lives for `minimumLifetime`: the stored one, or
  /// else a new one, for which one caller among all threads and processes calls `refreshing`.
  ///
  /// The others wait and get its result. The right to refresh the record is held until the answer is durable; a
  /// process that dies lets it go at once. `refreshing` gets the record and asks its server, as `RefreshTokenGrant`
  /// does; it throws `TokenEndpointError` for what the server refuses, and `RefreshFailure` where it can say more
  /// than that it failed. It may take `VaultConfiguration.refreshTimeout`, is cancelled then, and an answer that it
  /// brings after all is saved if it still can be. A task that is cancelled stops waiting with `CancellationError`;
  /// a call that it has begun goes on for the others, and its answer is saved.
  ///
  /// Where the refresh fails and the access token is still valid, that is what you get, with `FreshToken.failure`;
  /// `FreshToken.hasUncertainEnd` says where a wrong clock leaves that unknown.
  /// With `force`, another access token is wanted even if the stored one lives, and a failure is thrown.
  ///
  /// Throws `noMatch`, `severalClients`, `ended`, `refreshRefused` (at once, without a call, where the server has rejected this
  /// refresh token before), `refreshFailed`, `refreshTimeout`, `refreshLockTimeout`; any other error of `refreshing`
  /// as it is; and what `save(_:ifRevision:)` throws.
  public func freshToken(
    for query: TokenQuery, minimumLifetime: Duration = .seconds(60), force: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    let seen = try requireToken(matching: query)
    let request = FreshnessRequest(seen, minimumLifetime: minimumLifetime, isForced: force)
    if request.isMet(at: time()) { return FreshToken(seen) }
    try Task.checkCancellation()
    let refresh = RecordRefresh(vault: self, id: seen.id ?? "", request: request)
    do {
      while true {
        let (shared, isOurs) = refreshes.join(refresh.id) { try await refresh.run(refreshing) }
        do {
          let fresh = try await shared.waitForValue()
          if isOurs { return fresh }
          // Another caller of this process may have asked for less, or have seen another token.
          if let settled = request.settled(by: fresh.token, at: time()) {
            return settled
          }
        } catch TokenVaultError.refreshLockTimeout where !isOurs {
          // It has waited for longer than we have.
        }
      }
    } catch {
      return try refresh.stillGood(after: error)
    }
  }

  /// As `freshToken`, for programs without tasks: waits on the calling thread, and runs `refreshing` on one of its own.
  @available(*, noasync, message: "this waits on the calling thread")
  public func waitForFreshToken(
    for query: TokenQuery, minimumLifetime: Duration = .seconds(60), force: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    let found = try requireRecord(matching: query)
    let request = FreshnessRequest(found.token, minimumLifetime: minimumLifetime, isForced: force)
    return try waitForFreshToken(request, refreshing).ofMany(found.count)
  }

  /// As `waitForFreshToken`, but no use of the record: for who keeps tokens fresh without needing them, so that the
  /// limit `idle` goes on to count.
  ///
  /// With `triesRejected`, a refresh token is sent even if the server has rejected it before.
  package func keepFresh(
    _ query: TokenQuery, minimumLifetime: Duration, force: Bool = false,
    triesRejected: Bool = false,
    refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    let (found, policy) = try withCurrentState { (state) throws(TokenVaultError) in
      (try state.find(query), state.records.policy)
    }
    guard let found else { throw TokenVaultError.noMatch }
    if let ended = policy.ended(found.token, at: time()) {
      throw TokenVaultError.ended(ended)
    }
    var request = FreshnessRequest(found.token, minimumLifetime: minimumLifetime, isForced: force)
    request.triesRejected = triesRejected
    return try waitForFreshToken(request, refreshing).ofMany(found.count)
  }

  private func waitForFreshToken(
    _ request: FreshnessRequest,
    _ refreshing: @escaping @Sendable (OAuthToken) throws -> RefreshAnswer
  ) throws -> FreshToken {
    if request.isMet(at: time()) { return FreshToken(request.seen) }
    let refresh = RecordRefresh(vault: self, id: request.seen.id ?? "", request: request)
    do { return try refresh.runBlocking(refreshing) } catch {
      return try refresh.stillGood(after: error)
    }
  }

  /// Takes the right to refresh a record, if nobody has it.
  func attemptLock(ofRecord id: String) throws(TokenVaultError) -> RecordLock? {
    let (file, store) = try withCurrentState { ($0.access.file, $0.header.store) }
    let byte: Int64
    do { byte = try store.lockByte(ofRecord: id) } catch { throw TokenVaultError(error) }
    do { return try file.attemptLock(ofRecord: byte) } catch { throw TokenVaultError(error) }
  }
}
