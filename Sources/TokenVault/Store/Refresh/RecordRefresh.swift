internal import Glibc
internal import VaultCrypto

/// The refresh of one record, step by step; whoever takes the steps decides how to wait and how to call.
///
/// `attemptLock` until it gives the right to call or someone else's result; then `begin`, the call, and `finish`,
/// with the lock held until that has come back.
struct RecordRefresh: Sendable {
  let vault: Vault
  let id: String
  let request: RefreshRequest

  /// Where a waiting caller is.
  enum Attempt {
    /// Nothing is to be called: the record is fresh.
    case settled(FreshToken)
    /// The caller has the right to refresh the record.
    case locked(RecordLock)
    /// Another caller has it.
    case busy(OAuthToken)
  }

  /// A call that is to be made.
  struct Call: Sendable {
    /// The record that is sent.
    let record: OAuthToken
    /// What the vault says of the call.
    let mark: RefreshState
  }

  private var now: Timestamp { vault.configuration.now() }

  /// Looks whether the record is fresh by now; tries to get the right to refresh it, where it is not. Readers of the
  /// vault and waiting callers take no lock.
  func attemptLock() throws(TokenVaultError) -> Attempt {
    let current = try vault.record(id: id)
    if let settled = request.settled(by: current, at: now) { return .settled(settled) }
    guard let lock = try vault.attemptLock(ofRecord: id) else { return .busy(current) }
    // Another caller may have had it until just now.
    let newest = try vault.record(id: id)
    if let settled = request.settled(by: newest, at: now) { return .settled(settled) }
    return .locked(lock)
  }

  /// Notes durably in the vault that a call is about to be made.
  ///
  /// Throws `refreshRefused` where the server has rejected the refresh token before.
  func begin() throws(TokenVaultError) -> Call {
    try vault.withWriter { (writer) throws(TokenVaultError) in
      guard let record = writer.table.find(TokenQuery(id: id)) else { throw .noMatch }
      if case .rejected(_, let code, let unanswered) = record.history.refresh {
        throw .refreshRefused(
          id: id, code: code.text, explanation: nil, rejectsToken: true, unanswered: unanswered)
      }
      let mark = RefreshState.begun(at: now, process: getpid())
      writer.table.note(id: id) { $0.refresh = mark }
      try writer.commit(previous: .leave)
      return Call(record: record, mark: mark)
    }
  }

  /// Takes in what the call has brought, durably, and says what the caller gets.
  ///
  /// An answer is saved unless the record has another refresh token by now, which is newer.
  func finish(_ call: Call, _ result: Result<RefreshAnswer, any Error>) throws -> FreshToken {
    switch result {
    case .success(let answer): return try save(answer, call)
    case .failure(let error): throw note(error, call)
    }
  }

  /// What the caller gets where the refresh has failed: what others have saved meanwhile, or the access token that
  /// lives yet, with the failure beside it. Else the error again.
  func stillGood(after error: any Error) throws -> FreshToken {
    if error is CancellationError { throw error }
    guard let stored = try? vault.record(id: id) else { throw error }
    if let settled = request.settled(by: stored, at: now) { return settled }
    guard !request.isForced, stored.isGood(for: 0, at: now) else { throw error }
    return FreshToken(stored, failure: error)
  }

  // MARK: An answer

  private func save(_ answer: RefreshAnswer, _ call: Call) throws(TokenVaultError) -> FreshToken {
    if let problem = answer.problem {
      try saveRefreshToken(of: answer, call)
      throw .refreshFailed(id: id, reason: problem)
    }
    return try write { (writer) throws(TokenVaultError) in
      if let new = try writer.take(answer.record, id: id, for: call.record) {
        return FreshToken(new, wasRefreshed: true)
      }
      // Whoever has saved another refresh token meanwhile has logged in anew.
      guard let newer = writer.table.find(TokenQuery(id: id)) else { throw .noMatch }
      return FreshToken(newer, wasRefreshed: true)
    }
  }

  /// Of an answer that is of no other use, the new refresh token: the old one may be gone for good.
  private func saveRefreshToken(of answer: RefreshAnswer, _ call: Call) throws(TokenVaultError) {
    guard answer.record.refreshToken != nil else {
      return noteEnd(of: call, as: .unanswered(at: now))
    }
    _ = try write { (writer) throws(TokenVaultError) in
      try writer.take(answer.record, id: id, for: call.record)
    }
  }

  /// Patiently, and more than once: what cannot be saved is lost.
  private func write<Result: Sendable>(
    _ body: (inout VaultWriter) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let patience = max(vault.configuration.lockTimeout, .seconds(60))
    var failure: TokenVaultError?
    for _ in 1...Self.saveLimit {
      do throws(TokenVaultError) {
        return try vault.withWriter(timeout: patience) { (writer) throws(TokenVaultError) in
          let result = try body(&writer)
          // Written the time before, but not known to survive a power cut.
          if failure != nil, writer.committed == nil { try writer.commit(previous: .leave) }
          return result
        }
      } catch {
        failure = error
        guard case .system = error else { break }
      }
    }
    throw failure ?? .noMatch
  }

  /// How often an answer is tried to be saved where the system says no.
  private static let saveLimit = 5

  // MARK: No answer

  /// Notes how a call has failed, and gives the error for it.
  private func note(_ error: any Error, _ call: Call) -> any Error {
    switch error {
    case let refusal as TokenEndpointError: return note(refusal, call)
    case let failure as RefreshFailure:
      noteEnd(
        of: call, as: failure.mayHaveUsedToken ? .unanswered(at: now) : call.record.history.refresh)
      return TokenVaultError.refreshFailed(id: id, reason: failure.description)
    case TokenVaultError.notRenewable: noteEnd(of: call, as: call.record.history.refresh)
    default: noteEnd(of: call, as: .unanswered(at: now))
    }
    return error
  }

  private func note(_ refusal: TokenEndpointError, _ call: Call) -> TokenVaultError {
    let earlier = call.record.history.refresh
    let rejects = refusal.rejectsRefreshToken && call.record.refreshToken != nil
    if rejects, let code = RejectionCode(refusal.code) {
      noteEnd(of: call, as: .rejected(at: now, code: code, unanswered: earlier?.unansweredAt))
    } else {
      noteEnd(of: call, as: earlier)
    }
    return .refreshRefused(
      id: id, code: refusal.code, explanation: refusal.explanation, rejectsToken: rejects,
      unanswered: rejects ? earlier?.unansweredAt : nil)
  }

  /// Notes what has become of a call, unless something newer is noted already. Where that cannot be written, the
  /// vault goes on to say that the call was begun, which is true too.
  private func noteEnd(of call: Call, as state: RefreshState?) {
    try? vault.withWriter { (writer) throws(TokenVaultError) in
      let record = writer.table.find(TokenQuery(id: id))
      guard let record, record.history.refresh == call.mark else { return }
      writer.table.note(id: id) { $0.refresh = state }
      try writer.commit(previous: .leave)
    }
  }
}

extension VaultWriter {
  /// Lays an answer over the record that it is for, and writes it; nil where that has another refresh token by now.
  fileprivate mutating func take(
    _ answer: OAuthToken, id: String, for sent: OAuthToken
  ) throws(TokenVaultError) -> OAuthToken? {
    let new: OAuthToken?
    do throws(TokenTableError) { new = try table.take(answer, id: id, for: sent) } catch {
      throw TokenVaultError(error)
    }
    guard let new else { return nil }
    try table.checkStorable([SaveOutcome(change: .updated, token: new)], as: header.format)
    try commit(previous: .keep)
    return new
  }
}
