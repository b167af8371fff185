// What follows from the end of a call.
extension RecordRefresh {
  /// Saves durably what a call has brought, and returns what the caller gets; nil if the record has something newer
  /// that is no fresh token, so that the refresh starts again.
  ///
  /// An answer that cannot be saved is returned with ``FreshToken/failure``: only the caller has it.
  ///
  /// - Throws: the error of a call that failed, as the caller gets it; ``TokenVaultError/noMatch`` if the record is
  ///   gone; ``TokenVaultError/refreshFailed(id:reason:)`` for an answer without a usable access token.
  func finish(_ call: Call, _ result: Result<RefreshAnswer, any Error>) throws -> FreshToken? {
    let outcome = Result { try end(call, result) }
    if let event = VaultEvent(refreshOf: id, outcome) { store.report(event) }
    return try outcome.get()
  }

  private func end(_ call: Call, _ result: Result<RefreshAnswer, any Error>) throws -> FreshToken? {
    switch result {
    case .success(let answer): return try save(answer, call)
    case .failure(let error):
      let outcome = outcome(of: error, call)
      mark(call, as: outcome.mark)
      throw outcome.error
    }
  }

  private func save(_ answer: RefreshAnswer, _ call: Call) throws(TokenVaultError) -> FreshToken? {
    if let problem = answer.problem {
      try saveRefreshToken(of: answer.record, call)
      throw .refreshFailed(id: id, reason: problem)
    }
    let applied: (record: OAuthToken?, isApplied: Bool)
    do throws(TokenVaultError) { applied = try apply(answer.record, call) } catch {
      // Of an answer too long to be stored, the refresh token still fits.
      if case .unstorable = error {
        try? saveRefreshToken(of: answer.record.refreshTokenAlone, call)
      }
      let unsaved = call.record.overlaid(with: answer.record)
      return FreshToken(unsaved, wasRefreshed: true, failure: error)
    }
    let record = try requireSameUser(applied.record)
    guard applied.isApplied || record.isGood(for: 0, at: now) else { return nil }
    var fresh = FreshToken(record, wasRefreshed: true)
    fresh.doubt = answer.doubt
    return fresh
  }

  /// Saves the new refresh token of an answer that is of no other use: the server may take the old one no more.
  private func saveRefreshToken(of answer: OAuthToken, _ call: Call) throws(TokenVaultError) {
    guard answer.has(.refreshToken), !answer.hasSameText(.refreshToken, as: call.record) else {
      return mark(call, as: .unanswered(at: now.stamp))
    }
    _ = try apply(answer, call)
  }

  /// What the vault says of a failed call, and the error that the caller gets.
  private func outcome(
    of error: any Error, _ call: Call
  ) -> (mark: RefreshState?, error: any Error) {
    let earlier = call.record.history.refresh
    let unanswered = RefreshState.unanswered(at: now.stamp)
    switch error {
    case let refusal as TokenEndpointError:
      return outcome(of: refusal.withoutSecrets(of: call.record), call)
    case let failure as RefreshFailure:
      return (
        failure.mayHaveUsedToken ? unanswered : earlier,
        TokenVaultError.refreshFailed(id: id, reason: failure.description)
      )
    case TokenVaultError.notRenewable: return (earlier, error)
    default: return (unanswered, error)
    }
  }

  private func outcome(
    of refusal: TokenEndpointError, _ call: Call
  ) -> (mark: RefreshState?, error: TokenVaultError) {
    let earlier = call.record.history.refresh
    if refusal.meaning == .isTemporary {
      let reason = "the server wants to be asked later: \(refusal)"
      return (earlier, .refreshFailed(id: id, reason: reason))
    }
    var rejection: RefreshState?
    if refusal.meaning == .rejectsRefreshToken, call.record.has(.refreshToken) {
      rejection = RejectionCode(refusal.code).map {
        .rejected(at: now.stamp, code: $0, unanswered: earlier?.unansweredAt)
      }
    }
    let error = TokenVaultError.refreshRefused(
      id: id, code: refusal.code, explanation: refusal.explanation,
      rejectsToken: rejection != nil, unanswered: rejection?.unansweredAt)
    return (rejection ?? earlier, error)
  }
}
