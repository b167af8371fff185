extension RefreshableStore {
  /// What ``Vault/freshToken(for:minimumLifetime:force:refreshing:)`` promises.
  func sharedFreshToken(
    for query: TokenQuery, minimumLifetime: Duration, force: Bool,
    _ refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    let (request, isMet) = try await onThread {
      let request = FreshnessRequest(
        try self.requireRecord(matching: query).token, minimumLifetime: minimumLifetime,
        isForced: force, asked: self.time().clock)
      return (request, request.isMet(at: self.time()))
    }
    if isMet { return FreshToken(request.seen) }
    let refresh = RecordRefresh(store: self, request: request)
    do { return try await sharedResult(of: refresh, refreshing) } catch {
      return try await onThread { try refresh.fallback(after: error) }
    }
  }

  private func sharedResult(
    of refresh: RecordRefresh,
    _ refreshing: @escaping @Sendable (OAuthToken) async throws -> RefreshAnswer
  ) async throws -> FreshToken {
    while true {
      let (results, isOurs) = refreshes.join(refresh, refreshing)
      do {
        for try await fresh in results {
          if isOurs { return fresh }
          // The caller that started it may have asked for less, or have seen another token.
          let shared = try await onThread {
            refresh.request.satisfied(by: fresh.token, at: self.time())
          }
          if let shared { return shared }
        }
        try Task.checkCancellation()
      } catch TokenVaultError.refreshLockTimeout where !isOurs {
        // The caller that started it has waited for longer than this one.
      }
    }
  }
}
