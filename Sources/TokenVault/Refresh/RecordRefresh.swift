internal import Glibc
internal import VaultCrypto

/// The refresh of one record, step by step; whoever takes the steps decides how to wait and how to call.
///
/// `attemptLock` until it returns the right to call or someone else's result; then `begin`, which may return the caller
/// to the start; the call, and `finish`, with the lock held until that has come back.
struct RecordRefresh: Sendable {
  let vault: Vault
  let id: String
  let request: FreshnessRequest

  /// Where a waiting caller is.
  enum Attempt {
    /// Nothing is to be called: the record is fresh.
    case settled(FreshToken)
    /// The caller has the right to refresh the record.
    case locked(RecordLock)
    /// Another caller has it.
    case busy(OAuthToken)
  }

  /// What comes of looking at the record once more, with both locks held.
  enum Beginning: Sendable {
    /// The call is to be made.
    case call(Call)
    /// Nothing is to be called: the record has become fresh.
    case settled(FreshToken)
    /// Another caller makes the call, although this one has the lock.
    case busy(OAuthToken)
  }

  /// A call that is to be made.
  struct Call: Sendable {
    /// The record that is sent.
    let record: OAuthToken
    /// What the vault says of the call.
    let mark: RefreshState
  }

  var now: VaultTime { vault.time() }

  /// The record, as any process saved it last.
  private func record() throws(TokenVaultError) -> OAuthToken {
    try ours(vault.findWithoutUse(TokenQuery(id: id)))
  }

  /// The record, if it is still that of the user whom the caller has asked for: it may have been deleted, and another
  /// been given its id.
  func ours(_ record: OAuthToken?) throws(TokenVaultError) -> OAuthToken {
    let user = request.seen.userName.map(ExactText.init)
    guard let record, record.userName.map(ExactText.init) == user else { throw .noMatch }
    return record
  }

  /// Looks whether the record is fresh by now; tries to get the right to refresh it, where it is not. Readers of the
  /// vault and waiting callers take no lock.
  func attemptLock() throws(TokenVaultError) -> Attempt {
    let current = try record()
    if let settled = request.settled(by: current, at: now) { return .settled(settled) }
    guard let lock = try vault.attemptLock(ofRecord: id) else { return .busy(current) }
    // Another caller may have had it until just now.
    let newest = try record()
    if let settled = request.settled(by: newest, at: now) { return .settled(settled) }
    return try isBusy(newest, lock) ? .busy(newest) : .locked(lock)
  }

  /// Notes durably in the vault that a call is about to be made, unless the record has become fresh, or another caller
  /// is at it.
  ///
  /// Throws `refreshRefused` where the server has rejected the refresh token before.
  func begin(with lock: RecordLock) throws(TokenVaultError) -> Beginning {
    try vault.write { (writer) throws(TokenVaultError) in
      let record = try ours(writer.table.find(TokenQuery(id: id)))
      if let settled = request.settled(by: record, at: now) { return .settled(settled) }
      if try isBusy(record, lock) { return .busy(record) }
      if case .rejected(_, let code, let unanswered) = record.history.refresh,
        !request.triesRejected
      {
        throw .refreshRefused(
          id: id, code: code.text, explanation: nil, rejectsToken: true, unanswered: unanswered)
      }
      let mark = RefreshState.begun(at: now.stamp, process: getpid())
      writer.table.note(id: id) { $0.refresh = mark }
      try writer.commit(previous: .leave)
      return .call(Call(record: record, mark: mark))
    }
  }

  /// Whether another caller may be calling, although this one has the record's lock: the lock file was removed and made
  /// again in between. What the vault says of a call is seen by both, since to write it takes the lock of the vault's
  /// inode.
  private func isBusy(_ record: OAuthToken, _ lock: RecordLock) throws(TokenVaultError) -> Bool {
    do throws(FileError) {
      guard try lock.isCurrent() else { return true }
    } catch {
      throw TokenVaultError(error)
    }
    guard case .begun(let start, let process) = record.history.refresh, process != getpid() else {
      return false
    }
    let age = now.stamp.milliseconds(since: start)
    let limit = vault.configuration.refreshTimeout / .milliseconds(1)
    return age >= 0 && Double(age) < limit && CallingProcess.isAlive(process)
  }

  /// Takes in what the call has brought, durably, and says what the caller gets; nil where someone has saved something
  /// newer meanwhile that is no fresh token, so that all begins again.
  ///
  /// An answer that cannot be saved is given to the caller, with the failure beside it: he has it alone.
  func finish(_ call: Call, _ result: Result<RefreshAnswer, any Error>) throws -> FreshToken? {
    switch result {
    case .success(let answer): return try save(answer, call)
    case .failure(let error): throw note(error, call)
    }
  }

  /// What the caller gets where the refresh has failed: what others have saved meanwhile, or the access token that
  /// lives yet, with the failure beside it. Else the error again.
  func stillGood(after error: any Error) throws -> FreshToken {
    if error is CancellationError { throw error }
    guard let stored = try? record() else { throw error }
    if let settled = request.settled(by: stored, at: now) { return settled }
    let now = now
    guard !request.isForced, stored.lives(for: 0, at: now.clock) else { throw error }
    return FreshToken(stored, failure: error, hasUncertainEnd: stored.hasUncertainEnd(at: now))
  }
}
