internal import Synchronization

/// What comes of asking a vault for a record.
enum FindResult: Sendable {
  case record(FoundRecord)
  case ended(EndedRecord)
  case none
}

extension Vault {
  /// The record that the query means, or why it is not handed out; counts as a use of it, as
  /// `findToken(matching:)` does.
  ///
  /// Throws `noMatch` where there is none, `ended` where a limit of the vault has ended it, and what
  /// `findToken(matching:)` throws.
  public func requireToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken {
    try requireRecord(matching: query).token
  }

  /// As `requireToken(matching:)`, with how many records there are to choose from.
  package func requireRecord(
    matching query: TokenQuery
  ) throws(TokenVaultError) -> FoundRecord {
    switch try findAndMarkUsed(query) {
    case .record(let found): return found
    case .ended(let record): throw .ended(record)
    case .none: throw .noMatch
    }
  }

  /// The record that the query means, whether a limit has ended it or not; no use of it.
  package func findWithoutUse(_ query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    try withCurrentState { (state) throws(TokenVaultError) in try state.find(query)?.token }
  }

  func findAndMarkUsed(_ query: TokenQuery) throws(TokenVaultError) -> FindResult {
    let now = configuration.now()
    let (result, writing) = try withCurrentState { (state) throws(TokenVaultError) in
      try state.findAndMarkUsed(query, at: now)
    }
    write(writing)
    return result
  }

  // MARK: Writing uses

  private func write(_ writing: PendingUses.Writing) {
    switch writing {
    case .none: break
    case .now:
      // Whoever has the lock has it for a moment: those that are left are written if nobody asks again, too.
      if !writeUses() { write(state.withLock { $0.uses.retry($0.table.policy) }) }
    case .later(let seconds): writeUses(in: seconds)
    }
  }

  /// Writes the uses that are pending, if that can be done at once. Best effort: who has asked for a record has
  /// it already, and what is not written stays pending. False where another writer was in the way.
  ///
  /// The snapshot before stays as it is, so that it is the one before the last save.
  @discardableResult
  func writeUses() -> Bool {
    guard state.withLock({ !$0.uses.isEmpty }) else { return true }
    do throws(TokenVaultError) {
      try withWriter(timeout: .zero) { (writer) throws(TokenVaultError) in
        // Others may have written the same meanwhile.
        if writer.hasPendingUses { try writer.commit(previous: .leave) }
      }
    } catch .lockTimeout {
      return false
    } catch {
      // A directory that only can be read stays so: the next read that comes late enough tries again.
    }
    return true
  }

  /// Writes them also if the store is not asked for anything any more: others must not take the records for
  /// unused.
  private func writeUses(in seconds: Int64) {
    Task.detached(priority: .utility) { [weak self] in
      try? await Task.sleep(for: .seconds(seconds))
      self?.writeScheduledUses()
    }
  }

  private func writeScheduledUses() {
    let now = configuration.now()
    write(state.withLock { $0.uses.scheduledTimeHasCome(at: now, $0.table.policy) })
  }
}

extension VaultSession {
  fileprivate mutating func findAndMarkUsed(
    _ query: TokenQuery, at now: Timestamp
  ) throws(TokenVaultError) -> (FindResult, PendingUses.Writing) {
    // What is pending is in no text.
    if !uses.isEmpty { try decode() }
    guard let found = try find(query) else { return (.none, .none) }
    let (token, time) = (found.token, header.time(at: now))
    if let record = records.policy.ended(token, at: time) { return (.ended(record), .none) }
    // A use would be a time of its own, and hide that the others are unknown.
    if time.isUndated(token.history) { return (.record(found), .none) }
    // Its use is noted among all records.
    if records.policy.wantsNote(of: token.history, usedAt: now) { try decode() }
    return (.record(found), noteUse(of: token, at: now))
  }
}
