internal import Glibc

// The three transactions of a refresh: mark the call, apply its answer, mark its failure.
extension RecordRefresh {
  /// Marks durably in the vault that a call begins, unless the record has become fresh or another caller calls.
  ///
  /// - Throws: ``TokenVaultError/noMatch`` if the record is gone;
  ///   ``TokenVaultError/refreshRefused(id:code:explanation:rejectsToken:unanswered:)`` if the server has rejected the
  ///   refresh token before; what a write throws.
  func begin(under lock: RecordLock) throws(TokenVaultError) -> Attempt {
    try vault.write(loading: [TokenQuery(id: id)]) { (transaction) throws(TokenVaultError) in
      let record = try requireSameUser(transaction.table.find(TokenQuery(id: id)))
      if let fresh = request.satisfied(by: record, at: now) { return .satisfied(fresh) }
      if try isBusy(record, lock) { return .busy(record) }
      if case .rejected(_, let code, let unanswered) = record.history.refresh,
        !request.triesRejected
      {
        throw .refreshRefused(
          id: id, code: code.text, explanation: nil, rejectsToken: true, unanswered: unanswered)
      }
      let mark = RefreshState.begun(at: now.stamp, process: getpid())
      transaction.table.updateHistory(id: id) { $0.refresh = mark }
      try transaction.commit(previous: .leave)
      return .begun(Call(record: record, mark: mark), lock)
    }
  }

  /// Applies an answer to the record it is for. Repeats a write that the system refuses until the configured patience
  /// ends, because an answer that is not saved is lost.
  ///
  /// - Returns: the record as it is then, and whether the answer was applied; if not, the record has something newer or
  ///   is gone.
  /// - Throws: what a write throws.
  func apply(
    _ answer: OAuthToken, _ call: Call
  ) throws(TokenVaultError) -> (record: OAuthToken?, isApplied: Bool) {
    let deadline = ContinuousClock.now.advanced(by: vault.configuration.savePatience)
    var isRepeated = false
    while true {
      let left = max(ContinuousClock.now.duration(to: deadline), .zero)
      do throws(TokenVaultError) {
        return try vault.write(timeout: left, loading: [TokenQuery(id: id)], saving: [answer]) {
          (transaction) throws(TokenVaultError) in
          let applied = try transaction.apply(answer, id: id, call, now: now.clock)
          // The attempt before may have written this, but it is not known to survive a power cut.
          if isRepeated, !transaction.isCommitted {
            try transaction.commit(previous: .leave)
          }
          return (applied ?? transaction.table.find(TokenQuery(id: id)), applied != nil)
        }
      } catch {
        guard case .system = error, ContinuousClock.now < deadline else { throw error }
        isRepeated = true
        vault.configuration.disk.pause(microseconds: 100_000)
      }
    }
  }

  /// Marks how a call has ended, unless the record has a newer mark. If that cannot be written, the vault still says
  /// that the call was begun, which is true too.
  func mark(_ call: Call, as state: RefreshState?) {
    try? vault.write(loading: [TokenQuery(id: id)]) { (transaction) throws(TokenVaultError) in
      let record = transaction.table.find(TokenQuery(id: id))
      guard let record, record.history.refresh == call.mark else { return }
      transaction.table.updateHistory(id: id) { $0.refresh = state }
      try transaction.commit(previous: .leave)
    }
  }
}

extension WriteTransaction {
  /// Applies an answer to the record it is for, and commits; nil if the record has something newer.
  fileprivate mutating func apply(
    _ answer: OAuthToken, id: String, _ call: RecordRefresh.Call, now: Timestamp
  ) throws(TokenVaultError) -> OAuthToken? {
    let new = try TokenVaultError.wrap(
      table: table.apply(
        answer, id: id, for: call.record, mark: call.mark, now: header.time(at: now)))
    guard let new else { return nil }
    try table.checkStorable([SaveOutcome(change: .updated, token: new)], as: header.format)
    try commit(previous: .keep)
    return new
  }
}
