internal import Glibc

/// The driver of a record's refresh. It blocks its thread; for async callers, ``SharedRefreshes`` starts it on another.
struct RecordRefresh: Sendable {
  let store: any RefreshableStore
  let request: FreshnessRequest

  enum Attempt: Sendable {
    /// The record is fresh: no call is needed.
    case satisfied(FreshToken)
    /// This caller holds the record's lock, and the vault says durably that its call has begun.
    case begun(Call, any RefreshRight)
    /// Another caller refreshes the record.
    case busy(OAuthToken)
  }

  struct Call: Sendable {
    /// The record to send.
    let record: OAuthToken
    /// What the vault says of the call until its end.
    let mark: RefreshState
  }

  var id: String { request.seen.id ?? "" }
  var now: VaultTime { store.time() }

  /// Longer than the holder of the lock may take to mark the call, make it, and save its answer.
  private var patience: Duration {
    let limits = store.refreshLimits
    return limits.lock + limits.call + limits.save
  }

  /// Refreshes the record, or waits for the caller that does; holds the record's lock until the answer is durable.
  ///
  /// - Throws: ``TokenVaultError/refreshLockTimeout(id:seconds:process:)`` if another caller holds the lock for too
  ///   long; what ``attempt()`` and ``finish(_:_:)`` throw.
  func run(_ caller: EndpointCaller) throws -> FreshToken {
    defer { caller.cancel() }
    let deadline = ContinuousClock.now.advanced(by: patience)
    while true {
      switch try attempt() {
      case .satisfied(let fresh): return fresh
      case .begun(let call, let lock):
        defer { withExtendedLifetime(lock) {} }
        let result = result(of: call, by: caller)
        if case .failure = result { caller.cancel() }
        if let fresh = try finish(call, result) { return fresh }
      case .busy(let record):
        if ContinuousClock.now > deadline { throw lockTimeout(record) }
        // Random, so that the waiters do not poll in step.
        usleep(UInt32.random(in: 5000...20_000))
      }
    }
  }

  /// Checks whether the record is fresh, and else tries to get the right to refresh it. If another caller has the
  /// record's lock, this returns `busy` at once; only the caller that gets it takes the vault's writer lock.
  ///
  /// - Throws: ``TokenVaultError/noMatch`` if the record is gone; what ``begin(under:)`` throws.
  func attempt() throws(TokenVaultError) -> Attempt {
    let current = try record()
    if let fresh = request.satisfied(by: current, at: now) { return .satisfied(fresh) }
    guard let lock = try store.attemptLock(ofRecord: id), try !isBusy(current, lock) else {
      return .busy(current)
    }
    return try begin(under: lock)
  }

  /// Makes the call, and waits for it as long as the configuration says. A later answer is saved, if it still can be.
  private func result(
    of call: Call, by caller: EndpointCaller
  ) -> Result<RefreshAnswer, any Error> {
    let limit = store.refreshLimits.call
    let attempt = EndpointCall(call.record) { answer in
      // A call may end in a task, whose thread must not block.
      let save = { @Sendable in _ = try? finish(call, .success(answer)) }
      do { try RefreshThread.start(save) } catch { save() }
    }
    do { try caller.start(attempt) } catch { return .failure(error) }
    return attempt.result(within: limit) { isBegun -> any Error in
      isBegun
        ? TokenVaultError.refreshTimeout(id: id, seconds: limit / .seconds(1))
        : RefreshFailure("the call could not begin in time", mayHaveUsedToken: false)
    }
  }

  /// Whether another caller may be calling although this one holds the record's lock, because the lock file was removed
  /// and made again in between. Both callers see the mark of a call: to write it takes the lock of the vault's inode.
  func isBusy(_ record: OAuthToken, _ lock: any RefreshRight) throws(TokenVaultError) -> Bool {
    guard try TokenVaultError.wrap(file: lock.isCurrent()) else { return true }
    guard case .begun(let start, let process) = record.history.refresh, process != getpid() else {
      return false
    }
    let age = now.stamp.milliseconds(since: start)
    let limit = store.refreshLimits.call / .milliseconds(1)
    return age >= 0 && Double(age) < limit && CallingProcess.isAlive(process)
  }

  private func lockTimeout(_ record: OAuthToken) -> TokenVaultError {
    var process: Int32?
    if case .begun(_, let number) = record.history.refresh { process = number }
    return .refreshLockTimeout(id: id, seconds: patience / .seconds(1), process: process)
  }

  /// The record, as any process saved it last.
  private func record() throws(TokenVaultError) -> OAuthToken {
    try requireSameUser(store.findWithoutUse(TokenQuery(id: id)))
  }

  /// The record, if it is still that of the user the caller asked for, and not a new one with the id of a deleted one.
  func requireSameUser(_ record: OAuthToken?) throws(TokenVaultError) -> OAuthToken {
    guard let record, record.hasSameText(.userName, as: request.seen) else { throw .noMatch }
    return record
  }

  /// What the caller gets although the refresh has failed: what another caller has saved meanwhile, or the stored
  /// access token while it is valid, with the failure beside it.
  ///
  /// - Throws: `error`, if there is neither.
  func fallback(after error: any Error) throws -> FreshToken {
    if error is CancellationError { throw error }
    guard let stored = try? record() else { throw error }
    let now = now
    if let fresh = request.satisfied(by: stored, at: now) { return fresh }
    guard !request.isForced, stored.lives(for: 0, at: now.clock) else { throw error }
    return FreshToken(stored, failure: error, hasUncertainEnd: stored.hasUncertainEnd(at: now))
  }
}
