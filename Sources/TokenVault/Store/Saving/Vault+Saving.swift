extension Vault {
  /// Updates the record that `token` matches, or inserts it; durable when this returns.
  ///
  /// With `ifRevision`, the record must be at that revision, and with 0 there must be none: else
  /// `revisionConflict`. Throws `noCredential` for a new record without a token, `userConflict` for an id of
  /// another user, `unstorable` for what could not be read back, `lockTimeout` where another writer does not
  /// come to an end; the vault is unchanged then, and after every other error as `Durability` tells.
  ///
  /// Threads that save at the same moment share one write and one flush.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil
  ) throws(TokenVaultError) -> SaveOutcome {
    try save(SaveRequest([token], ifRevision: ifRevision))[0]
  }

  /// Saves all of these in one commit, or none of them.
  @discardableResult
  public func save(_ tokens: [OAuthToken]) throws(TokenVaultError) -> [SaveOutcome] {
    try save(SaveRequest(tokens))
  }

  private func save(_ request: SaveRequest) throws(TokenVaultError) -> [SaveOutcome] {
    let write = WaitingWrite(request)
    switch turns.enter(write, timeout: configuration.lockTimeout) {
    case .done: break
    case .timeout: throw turnTimeout(configuration.lockTimeout)
    case .turn:
      let batch = saveWithAllThatWait(write)
      // Before the others are woken, so that the disk need not wait for them.
      turns.leave()
      for other in batch where other !== write { other.signal.give() }
    }
    return try write.outcome()
  }

  /// Saves what waits by the time that the lock is had, in one commit; whose signals are to be given.
  private func saveWithAllThatWait(_ write: WaitingWrite) -> [WaitingWrite] {
    var batch = [write]
    do throws(TokenVaultError) {
      let results = try saveInTurn { () -> [SaveRequest] in
        batch += turns.takeSaves()
        return batch.compactMap(\.save)
      }
      for (write, result) in zip(batch, results) { write.finish(result) }
    } catch {
      for write in batch { write.finish(.failure(error)) }
    }
    return batch
  }

  /// Takes in records of another store, all in one commit or none of them.
  ///
  /// They match by everything but their ids, which say nothing about this store's; a new record keeps its
  /// id where that is free. With `dryRun`, nothing is written, and the outcomes tell what would be.
  @discardableResult
  public func importTokens(
    _ tokens: [OAuthToken], dryRun: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    guard dryRun else {
      return try withWriter { (writer) throws(TokenVaultError) in
        let outcomes = try writer.take(tokens, now: configuration.now())
        if outcomes.contains(where: { $0.change != .unchanged }) {
          try writer.commit(previous: .keep, rewriting: true)
        }
        return outcomes
      }
    }
    var (table, header) = try read { ($0.table, $0.header) }
    let now = header.time(at: configuration.now())
    let outcomes = try table.saveAll(tokens, now: now, ignoringID: true)
    try table.checkStorable(outcomes, as: header.format)
    return outcomes
  }
}

extension VaultWriter {
  fileprivate mutating func take(
    _ tokens: [OAuthToken], now: Timestamp
  ) throws(TokenVaultError) -> [SaveOutcome] {
    let outcomes = try table.saveAll(tokens, now: header.time(at: now), ignoringID: true)
    try table.checkStorable(outcomes, as: header.format)
    return outcomes
  }
}
