// What becomes of a call that brought no answer.
extension RecordRefresh {
  /// Notes how a call has failed, and gives the error for it.
  func note(_ error: any Error, _ call: Call) -> any Error {
    switch error {
    case let refusal as TokenEndpointError: return note(refusal, call)
    case let failure as RefreshFailure:
      noteEnd(
        of: call,
        as: failure.mayHaveUsedToken ? .unanswered(at: now.stamp) : call.record.history.refresh)
      return TokenVaultError.refreshFailed(id: id, reason: failure.description)
    case TokenVaultError.notRenewable:
      noteEnd(of: call, as: call.record.history.refresh)
    default: noteEnd(of: call, as: .unanswered(at: now.stamp))
    }
    return error
  }

  private func note(_ refusal: TokenEndpointError, _ call: Call) -> TokenVaultError {
    let earlier = call.record.history.refresh
    let refusal = refusal.withoutSecrets(of: call.record)
    guard refusal.meaning == .rejectsRefreshToken, call.record.refreshToken != nil,
      let code = RejectionCode(refusal.code)
    else {
      noteEnd(of: call, as: earlier)
      return error(for: refusal)
    }
    let unanswered = earlier?.unansweredAt
    noteEnd(of: call, as: .rejected(at: now.stamp, code: code, unanswered: unanswered))
    return .refreshRefused(
      id: id, code: code.text, explanation: refusal.explanation, rejectsToken: true,
      unanswered: unanswered)
  }

  private func error(for refusal: TokenEndpointError) -> TokenVaultError {
    if refusal.meaning == .isTemporary {
      return .refreshFailed(id: id, reason: "the server wants to be asked later: \(refusal)")
    }
    return .refreshRefused(
      id: id, code: refusal.code, explanation: refusal.explanation, rejectsToken: false,
      unanswered: nil)
  }

  /// Notes what has become of a call, unless something newer is noted already. Where that cannot be written, the
  /// vault goes on to say that the call was begun, which is true too.
  func noteEnd(of call: Call, as state: RefreshState?) {
    try? vault.write { (writer) throws(TokenVaultError) in
      let record = writer.table.find(TokenQuery(id: id))
      guard let record, record.history.refresh == call.mark else { return }
      writer.table.note(id: id) { $0.refresh = state }
      try writer.commit(previous: .leave)
    }
  }
}
