extension Vault {
  /// Updates the record that `token` matches, or inserts it; durable when this returns.
  ///
  /// With `ifRevision`, the record must be at that revision, and with 0 there must be none: else
  /// `revisionConflict`. Throws `noCredential` for a new record without a token, `userConflict` for an id of
  /// another user, `unstorable` for what could not be read back, `lockTimeout` where another writer does not
  /// come to an end; the vault is unchanged then, and after every other error as `Durability` tells.
  ///
  /// Throws `severalClients` if the key of the record fits records of several clients and it names none, and
  /// `endpointMoved` if a stored record has a client secret or a refresh token that `token` has not, and would send it
  /// to another server, or in another way, by the new `token_endpoint`, `token_endpoint_auth_method` or `api_domain`.
  ///
  /// Threads that save at the same moment share one write and one flush.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil
  ) throws(TokenVaultError) -> SaveOutcome {
    try save(token, ifRevision: ifRevision, movingEndpoint: false)
  }

  /// As `save(_:ifRevision:)`. With `movingEndpoint`, the user has said that the secrets of the stored record may go to
  /// another server.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil, movingEndpoint: Bool
  ) throws(TokenVaultError) -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    return try save(SaveRequest([token], rules))[0]
  }

  /// Saves all of these in one commit, or none of them; throws as `save(_:ifRevision:movingEndpoint:)`.
  @discardableResult
  public func save(
    _ tokens: [OAuthToken], movingEndpoint: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    try save(tokens, SaveRules(allowsMoves: movingEndpoint))
  }

  /// Saves all of these by these rules, or none of them.
  package func save(
    _ tokens: [OAuthToken], _ rules: SaveRules
  ) throws(TokenVaultError) -> [SaveOutcome] {
    try save(SaveRequest(tokens, rules))
  }

  /// Does what was asked for, along with what other threads wait to save.
  func save(_ request: SaveRequest) throws(TokenVaultError) -> [SaveOutcome] {
    let write = QueuedWrite(request)
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
  private func saveWithAllThatWait(_ write: QueuedWrite) -> [QueuedWrite] {
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
  /// id where that is free. With `dryRun`, nothing is written, and the outcomes tell what would be; among their notices
  /// are the moves of endpoints that an import without `movingEndpoint` refuses. Throws as
  /// `save(_:ifRevision:movingEndpoint:)`.
  @discardableResult
  public func importTokens(
    _ tokens: [OAuthToken], dryRun: Bool = false, movingEndpoint: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    let rules = SaveRules(ignoresIDs: true, allowsMoves: movingEndpoint || dryRun)
    guard dryRun else {
      return try withWriter { (writer) throws(TokenVaultError) in
        let outcomes = try writer.take(tokens, rules, now: configuration.now())
        if outcomes.contains(where: { $0.change != .unchanged }) {
          try writer.commit(previous: .keep, rewriting: true)
        }
        return outcomes
      }
    }
    var (table, header) = try read { ($0.table, $0.header) }
    let now = header.time(at: configuration.now())
    let outcomes = try table.saveAll(tokens, now: now, rules)
    try table.checkStorable(outcomes, as: header.format)
    return outcomes
  }
}

extension WriteTransaction {
  fileprivate mutating func take(
    _ tokens: [OAuthToken], _ rules: SaveRules, now: Timestamp
  ) throws(TokenVaultError) -> [SaveOutcome] {
    let outcomes = try table.saveAll(tokens, now: header.time(at: now), rules)
    try table.checkStorable(outcomes, as: header.format)
    return outcomes
  }
}
