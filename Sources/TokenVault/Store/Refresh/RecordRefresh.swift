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

  /// The record, as any process saved it last.
  private func record() throws(TokenVaultError) -> OAuthToken {
    try ours(vault.lookUp(TokenQuery(id: id)))
  }

  /// The record, if it is still that of the user whom the caller has asked for: it may have been deleted, and another
  /// been given its id.
  private func ours(_ record: OAuthToken?) throws(TokenVaultError) -> OAuthToken {
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
    return .locked(lock)
  }

  /// Notes durably in the vault that a call is about to be made.
  ///
  /// Throws `refreshRefused` where the server has rejected the refresh token before.
  func begin() throws(TokenVaultError) -> Call {
    try vault.withWriter { (writer) throws(TokenVaultError) in
      let record = try ours(writer.table.find(TokenQuery(id: id)))
      if case .rejected(_, let code, let unanswered) = record.history.refresh,
        !request.triesRejected
      {
        throw .refreshRefused(
          id: id, code: code.text, explanation: nil, rejectsToken: true, unanswered: unanswered)
      }
      let mark = RefreshState.begun(at: now, process: getpid())
      writer.table.note(id: id) { $0.refresh = mark }
      try writer.commit(previous: .leave)
      return Call(record: record, mark: mark)
    }
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
    guard !request.isForced, stored.isGood(for: 0, at: now) else { throw error }
    return FreshToken(stored, failure: error)
  }

  // MARK: An answer

  private func save(_ answer: RefreshAnswer, _ call: Call) throws(TokenVaultError) -> FreshToken? {
    if let problem = answer.problem {
      try saveRefreshToken(of: answer.record, call)
      throw .refreshFailed(id: id, reason: problem)
    }
    do throws(TokenVaultError) {
      return try write { (writer) throws(TokenVaultError) in
        if let new = try writer.take(answer.record, id: id, call) {
          return FreshToken(new, wasRefreshed: true)
        }
        let newer = try ours(writer.table.find(TokenQuery(id: id)))
        return newer.isGood(for: 0, at: now) ? FreshToken(newer, wasRefreshed: true) : nil
      }
    } catch .noMatch {
      throw .noMatch
    } catch {
      // Of what is too long to be stored, the refresh token is not.
      try? saveRefreshToken(of: answer.record.refreshTokenAlone, call)
      let unsaved = call.record.overlaid(with: answer.record)
      return FreshToken(unsaved, wasRefreshed: true, failure: error)
    }
  }

  /// Of an answer that is of no other use, the new refresh token: the old one may be gone for good.
  private func saveRefreshToken(of answer: OAuthToken, _ call: Call) throws(TokenVaultError) {
    guard answer.refreshToken != nil, !answer.hasSameRefreshToken(as: call.record) else {
      return noteEnd(of: call, as: .unanswered(at: now))
    }
    _ = try write { (writer) throws(TokenVaultError) in
      try writer.take(answer, id: id, call)
    }
  }

  /// Patiently: what cannot be saved is lost.
  private func write<Result: Sendable>(
    _ body: (inout VaultWriter) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let deadline = ContinuousClock.now.advanced(by: vault.configuration.savePatience)
    var isAgain = false
    while true {
      let left = max(ContinuousClock.now.duration(to: deadline), .zero)
      do throws(TokenVaultError) {
        return try vault.withWriter(timeout: left) { (writer) throws(TokenVaultError) in
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

  // MARK: No answer

  /// Notes how a call has failed, and gives the error for it.
  private func note(_ error: any Error, _ call: Call) -> any Error {
    switch error {
    case let refusal as TokenEndpointError: return note(refusal, call)
    case let failure as RefreshFailure:
      noteEnd(
        of: call, as: failure.mayHaveUsedToken ? .unanswered(at: now) : call.record.history.refresh)
      return TokenVaultError.refreshFailed(id: id, reason: failure.description)
    case TokenVaultError.notRenewable:
      noteEnd(of: call, as: call.record.history.refresh)
    default: noteEnd(of: call, as: .unanswered(at: now))
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
    noteEnd(of: call, as: .rejected(at: now, code: code, unanswered: unanswered))
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
  /// Lays an answer over the record that it is for, and writes it; nil where that has something newer.
  fileprivate mutating func take(
    _ answer: OAuthToken, id: String, _ call: RecordRefresh.Call
  ) throws(TokenVaultError) -> OAuthToken? {
    let new: OAuthToken?
    do throws(TokenTableError) {
      new = try table.take(answer, id: id, for: call.record, mark: call.mark)
    } catch {
      throw TokenVaultError(error)
    }
    guard let new else { return nil }
    try table.checkStorable([SaveOutcome(change: .updated, token: new)], as: header.format)
    try commit(previous: .keep)
    return new
  }
}
