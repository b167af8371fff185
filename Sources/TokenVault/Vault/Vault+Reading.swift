internal import Synchronization

// Reading: finding a record counts as a use of it, which is written now and then.
extension Vault {
  /// The record that the query means, as any process saved it last; nil if there is none, or a limit has ended it.
  ///
  /// The record counts as used (``RecordHistory/lastUsedAt``), for which the vault is written now and then; if that
  /// fails, it is no error of the read. Of several records of one client, the query means the oldest.
  ///
  /// - Throws: ``TokenVaultError/severalClients(_:record:)`` if the query fits records of several clients and names none;
  ///   ``TokenVaultError/noVault(path:previous:)``, ``TokenVaultError/damaged(path:place:)``,
  ///   ``TokenVaultError/keyUnavailable(path:attempts:slots:)``, ``TokenVaultError/keyChanged(path:)`` or
  ///   ``TokenVaultError/rolledBack(path:generation:highest:)`` if the file was replaced by one that cannot be opened.
  @available(*, noasync)
  public func findToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    if case .record(let found) = try findAndMarkUsed(query) { found.token } else { nil }
  }

  /// The record with this id, or nil.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  public func findToken(id: String) throws(TokenVaultError) -> OAuthToken? {
    try findToken(matching: TokenQuery(id: id))
  }

  /// The record that the query means; counts as a use of it, as ``findToken(matching:)`` does.
  ///
  /// - Throws: ``TokenVaultError/noMatch`` if there is none; ``TokenVaultError/ended(_:)`` if a limit of the vault has
  ///   ended it; and as ``findToken(matching:)``.
  @available(*, noasync)
  public func requireToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken {
    try requireRecord(matching: query).token
  }

  /// As ``requireToken(matching:)``, with the number of records that the query fits.
  package func requireRecord(
    matching query: TokenQuery
  ) throws(TokenVaultError) -> FoundRecord {
    switch try findAndMarkUsed(query) {
    case .record(let found): return found
    case .ended(let record): throw .ended(record)
    case .none: throw .noMatch
    }
  }

  /// The record that the query means, ended or not; no use of it.
  package func findWithoutUse(_ query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    try withCurrentState { (session) throws(TokenVaultError) in try session.find(query)?.token }
  }

  /// All records, the oldest first.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  public func allTokens() throws(TokenVaultError) -> [OAuthToken] {
    Array(try read { $0.table.tokens })
  }

  /// The state of the vault now.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  public func status() throws(TokenVaultError) -> VaultStatus { try read { VaultStatus($0) } }

  /// What the clock of the host says, and what this vault, as it was last read, knows of it.
  package func time() -> VaultTime {
    let now = configuration.now()
    return session.mutex.withLock { $0.header.time(at: now) }
  }

  func findAndMarkUsed(_ query: TokenQuery) throws(TokenVaultError) -> FindResult {
    let now = configuration.now()
    let (result, writing) = try withCurrentState { (session) throws(TokenVaultError) in
      try session.findAndMarkUsed(query, at: now)
    }
    writeUses(writing)
    return result
  }

  // MARK: Writing uses

  private func writeUses(_ writing: PendingUses.Writing) {
    switch writing {
    case .none: break
    case .now:
      // Another writer has the lock, if only for a moment: try again later, even if no read comes.
      if !writeUses() { writeUses(session.mutex.withLock { $0.uses.retry($0.table.policy) }) }
    case .later(let seconds): writeUses(in: seconds)
    }
  }

  /// Writes the pending uses if the lock is free. Best effort: the reader has its record already, and what is not
  /// written stays pending. The previous snapshot stays that of the last save.
  ///
  /// - Returns: False if another writer has the lock.
  @discardableResult
  func writeUses() -> Bool {
    guard session.mutex.withLock({ !$0.uses.isEmpty }) else { return true }
    do throws(TokenVaultError) {
      try write(timeout: .zero, loading: []) { (transaction) throws(TokenVaultError) in
        // Other processes may have written the same uses meanwhile.
        if transaction.hasPendingUses { try transaction.commit(previous: .leave) }
      }
    } catch .lockTimeout {
      return false
    } catch {
      // A read-only directory stays so: the next read that comes late enough tries again.
    }
    return true
  }

  /// Writes the uses even if no read comes: other processes must not take the records for unused.
  private func writeUses(in seconds: Int64) {
    Task.detached(priority: .utility) { [weak self] in
      try? await Task.sleep(for: .seconds(seconds))
      guard let self else { return }
      try? await readers.run { self.writeScheduledUses() }
    }
  }

  private func writeScheduledUses() {
    let now = configuration.now()
    writeUses(session.mutex.withLock { $0.uses.scheduledTimeHasCome(at: now, $0.table.policy) })
  }
}

extension VaultSession {
  fileprivate mutating func findAndMarkUsed(
    _ query: TokenQuery, at now: Timestamp
  ) throws(TokenVaultError) -> (FindResult, PendingUses.Writing) {
    guard let found = try find(query) else { return (.none, .none) }
    let (token, time) = (found.token, header.time(at: now))
    if let record = records.policy.ended(token, at: time) { return (.ended(record), .none) }
    // A use would be the only known time, and hide that the others are unknown.
    if time.isUndated(token.history) { return (.record(found), .none) }
    return (.record(found), markUsed(token, at: now))
  }
}
