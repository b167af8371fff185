// What becomes of an answer.
extension RecordRefresh {
  /// Saves an answer, and gives what the caller gets; nil as `finish` does.
  func save(_ answer: RefreshAnswer, _ call: Call) throws(TokenVaultError) -> FreshToken? {
    if let problem = answer.problem {
      try saveRefreshToken(of: answer.record, call)
      throw .refreshFailed(id: id, reason: problem)
    }
    do throws(TokenVaultError) {
      return try write { (writer) throws(TokenVaultError) in
        if let new = try writer.take(answer.record, id: id, call, now: now.clock) {
          return FreshToken(new, wasRefreshed: true)
        }
        let newer = try ours(writer.table.find(TokenQuery(id: id)))
        return newer.isGood(for: 0, at: now) ? FreshToken(newer, wasRefreshed: true) : nil
      }
    } catch .noMatch {
      throw .noMatch
    } catch {
      // Of what is too long to be stored, the refresh token is not. What there was no time for gets no more.
      if case .unstorable = error {
        try? saveRefreshToken(of: answer.record.refreshTokenAlone, call)
      }
      let unsaved = call.record.overlaid(with: answer.record)
      return FreshToken(unsaved, wasRefreshed: true, failure: error)
    }
  }

  /// Of an answer that is of no other use, the new refresh token: the old one may be gone for good.
  private func saveRefreshToken(of answer: OAuthToken, _ call: Call) throws(TokenVaultError) {
    guard answer.refreshToken != nil, !answer.hasSameRefreshToken(as: call.record) else {
      return noteEnd(of: call, as: .unanswered(at: now.stamp))
    }
    _ = try write { (writer) throws(TokenVaultError) in
      try writer.take(answer, id: id, call, now: now.clock)
    }
  }

  /// Patiently: what cannot be saved is lost.
  private func write<Result: Sendable>(
    _ body: (inout WriteTransaction) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let deadline = ContinuousClock.now.advanced(by: vault.configuration.savePatience)
    var isAgain = false
    while true {
      let left = max(ContinuousClock.now.duration(to: deadline), .zero)
      do throws(TokenVaultError) {
        return try vault.write(timeout: left) { (writer) throws(TokenVaultError) in
          let result = try body(&writer)
          // Written the time before, but not known to survive a power cut.
          if isAgain, writer.committed == nil { try writer.commit(previous: .leave) }
          return result
        }
      } catch {
        guard case .system = error, ContinuousClock.now < deadline else { throw error }
        isAgain = true
        vault.configuration.disk.pause(microseconds: 100_000)
      }
    }
  }
}

extension WriteTransaction {
  /// Lays an answer over the record that it is for, and writes it; nil where that has something newer.
  fileprivate mutating func take(
    _ answer: OAuthToken, id: String, _ call: RecordRefresh.Call, now: Timestamp
  ) throws(TokenVaultError) -> OAuthToken? {
    let new: OAuthToken?
    do throws(TokenTableError) {
      new = try table.take(
        answer, id: id, for: call.record, mark: call.mark, now: header.time(at: now))
    } catch {
      throw TokenVaultError(error)
    }
    guard let new else { return nil }
    try table.checkStorable([SaveOutcome(change: .updated, token: new)], as: header.format)
    try commit(previous: .keep)
    return new
  }
}
