internal import Glibc

// The three transactions of a refresh: mark the call, apply its answer, mark its failure.
extension RecordRefresh {
  /// Marks durably in the vault that a call begins, unless the record has become fresh or another caller calls.
  ///
  /// - Throws: ``TokenVaultError/noMatch`` if the record is gone;
  ///   ``TokenVaultError/refreshRefused(id:code:explanation:rejectsToken:unanswered:)`` if the server has rejected the
  ///   refresh token before; what a write throws.
  func begin(under lock: any RefreshRight) throws(TokenVaultError) -> Attempt {
    try store.update(record: id, timeout: nil, saving: []) {
      (table, time) throws(TokenVaultError) -> (Attempt, RecordCommit) in
      let record = try requireSameUser(table.find(TokenQuery(id: id)))
      if let fresh = request.satisfied(by: record, at: time) {
        return (.satisfied(fresh), .nothing)
      }
      if try isBusy(record, lock) { return (.busy(record), .nothing) }
      if case .rejected(_, let code, let unanswered) = record.history.refresh,
        !request.triesRejected
      {
        throw .refreshRefused(
          id: id, code: code.text, explanation: nil, rejectsToken: true, unanswered: unanswered)
      }
      let mark = RefreshState.begun(at: time.stamp, process: getpid())
      table.updateHistory(id: id) { $0.refresh = mark }
      return (.begun(Call(record: record, mark: mark), lock), .mark)
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
    let deadline = ContinuousClock.now.advanced(by: store.refreshLimits.save)
    var isRepeated = false
    while true {
      let left = max(ContinuousClock.now.duration(to: deadline), .zero)
      do throws(TokenVaultError) {
        return try apply(answer, call, timeout: left, isRepeated: isRepeated)
      } catch {
        guard case .system = error, ContinuousClock.now < deadline else { throw error }
        isRepeated = true
        store.pause(microseconds: 100_000)
      }
    }
  }

  private func apply(
    _ answer: OAuthToken, _ call: Call, timeout: Duration, isRepeated: Bool
  ) throws(TokenVaultError) -> (record: OAuthToken?, isApplied: Bool) {
    try store.update(record: id, timeout: timeout, saving: [answer]) {
      (table, time) throws(TokenVaultError) -> ((OAuthToken?, Bool), RecordCommit) in
      let applied = try TokenVaultError.wrap(
        table: table.apply(answer, id: id, for: call.record, mark: call.mark, now: time))
      if let applied { return ((applied, true), .revision(applied)) }
      // The attempt before may have written this, but it is not known to survive a power cut.
      return ((table.find(TokenQuery(id: id)), false), isRepeated ? .mark : .nothing)
    }
  }

  /// Marks how a call has ended, unless the record has a newer mark. If that cannot be written, the vault still says
  /// that the call was begun, which is true too.
  func mark(_ call: Call, as state: RefreshState?) {
    try? store.update(record: id, timeout: nil, saving: []) {
      (table, _) throws(TokenVaultError) -> ((), RecordCommit) in
      let record = table.find(TokenQuery(id: id))
      guard let record, record.history.refresh == call.mark else { return ((), .nothing) }
      table.updateHistory(id: id) { $0.refresh = state }
      return ((), .mark)
    }
  }
}
