// Saving and deleting records.
extension Vault {
  /// Updates the record that `token` matches, or inserts it; durable when this returns.
  ///
  /// Idempotent: a save that would change nothing writes nothing. Threads that save at the same moment share one write
  /// and one flush (group commit).
  ///
  /// - Parameters:
  ///   - token: What to save; an empty field clears the stored one.
  ///   - ifRevision: The revision that the stored record must have; 0 if there must be none.
  /// - Returns: The record as it is now, and what has changed.
  /// - Throws: The vault is unchanged after these errors, and after every other as <doc:Durability> tells:
  ///   - ``TokenVaultError/revisionConflict(id:expected:actual:)`` if the record is not at `ifRevision`;
  ///   - ``TokenVaultError/noCredential(record:)`` for a new record without a token;
  ///   - ``TokenVaultError/userConflict(id:)`` for an id of another user;
  ///   - ``TokenVaultError/unstorable(record:)`` for a record that could not be read back;
  ///   - ``TokenVaultError/severalClients(_:record:)`` if the record names no client, and its key fits records of several;
  ///   - ``TokenVaultError/endpointMoved(_:)`` if a stored client secret or refresh token that `token` does not have would
  ///     go to another server, or in another way, by the new `token_endpoint`, `token_endpoint_auth_method` or
  ///     `api_domain`;
  ///   - ``TokenVaultError/lockTimeout(path:seconds:holder:)`` if another writer does not finish.
  @available(*, noasync)
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil
  ) throws(TokenVaultError) -> SaveOutcome {
    try save(token, ifRevision: ifRevision, movingEndpoint: false)
  }

  /// As ``save(_:ifRevision:)``. With `movingEndpoint`, the user lets the stored secrets go to another server.
  ///
  /// - Throws: As ``save(_:ifRevision:)``.
  @available(*, noasync)
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil, movingEndpoint: Bool
  ) throws(TokenVaultError) -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    return try save(SaveRequest([token], rules))[0]
  }

  /// Saves all of these in one commit, or none of them.
  ///
  /// - Throws: As ``save(_:ifRevision:)``.
  @available(*, noasync)
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

  /// Saves the answer of a token endpoint (RFC 6749, section 5.1), for example to a login; durable when this returns.
  ///
  /// The record is updated if it is there; else it is inserted, which takes a user.
  ///
  /// - Parameters:
  ///   - answer: Only the tokens, their type, scope and end come from it.
  ///   - record: Whose tokens they are, and where they are refreshed: it has the `id` or the user, and perhaps the client,
  ///     `token_endpoint` and `api_domain`.
  ///   - ifRevision: As in ``save(_:ifRevision:)``.
  ///   - movingEndpoint: The user has said that secrets of the stored record may go to another server.
  /// - Throws: ``TokenVaultError/unusableAnswer(reason:)`` for an answer without a usable token, after a refresh token in
  ///   it was saved; ``TokenVaultError/unknownID(_:)`` or ``TokenVaultError/noMatch`` if there is no such record and
  ///   `record` names no user; ``TokenVaultError/clientConflict(id:)`` if the record with the id is another client's; and
  ///   as ``save(_:ifRevision:)``.
  @available(*, noasync)
  @discardableResult
  public func save(
    answer: RefreshAnswer, for record: OAuthToken, ifRevision: Int? = nil,
    movingEndpoint: Bool = false
  ) throws(TokenVaultError) -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    let outcome = try save(SaveRequest(answer, for: record, rules))[0]
    if let problem = answer.problemAfterSaving { throw problem }
    return outcome
  }

  // MARK: Importing

  /// Merges the records of another store, all in one commit or none of them.
  ///
  /// They match by all but their ids, which are another store's; a new record keeps its id if that is free. Each matches a
  /// record that was there before, never another one of them. An export into a vault without records brings it back as it
  /// was, revisions and histories included.
  ///
  /// - Parameters:
  ///   - tokens: The records.
  ///   - dryRun: Writes nothing. The outcomes tell what would be; among their notices are the moves of endpoints that an
  ///     import without `movingEndpoint` refuses.
  ///   - movingEndpoint: The user has said that secrets of stored records may go to another server.
  ///   - overwriting: Replaces stored access tokens that end as late as the given ones, or later.
  /// - Throws: ``TokenVaultError/sameRecord(id:records:)`` if two of them mean one stored record; and as
  ///   ``save(_:ifRevision:)``.
  @available(*, noasync)
  @discardableResult
  public func importTokens(
    _ tokens: [OAuthToken], dryRun: Bool = false, movingEndpoint: Bool = false,
    overwriting: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var (tokens, outcomes) = (tokens, [SaveOutcome]())
    try importTokens(
      spending: &tokens, dryRun: dryRun,
      ImportRules(allowsMoves: movingEndpoint || dryRun, overwrites: overwriting)
    ) { outcomes.append($0) }
    return outcomes
  }

  /// Merges records by these rules, and calls `body` with the outcome of each, in their order, before they are written.
  ///
  /// - Parameter tokens: The records; none after a success, and after an error those from the one that it is about on.
  package func importTokens(
    spending tokens: inout [OAuthToken], dryRun: Bool, _ rules: ImportRules,
    _ body: (SaveOutcome) -> Void
  ) throws(TokenVaultError) {
    if dryRun {
      var (table, header) = try read { ($0.table, $0.header) }
      let now = header.time(at: configuration.now())
      return try table.importAll(spending: &tokens, now: now, rules, as: header.format, body)
    }
    try write { (transaction) throws(TokenVaultError) in
      let header = transaction.header
      let now = header.time(at: configuration.now())
      var hasChanged = false
      try transaction.table.importAll(spending: &tokens, now: now, rules, as: header.format) {
        if $0.change != .unchanged { hasChanged = true }
        body($0)
      }
      if hasChanged { try transaction.commit(previous: .keep, rewriting: true) }
    }
  }

  // MARK: Validating

  /// Dry run: saves to an empty store in memory, so that no vault is made for records that cannot be saved.
  package static func validateSave(
    _ tokens: [OAuthToken], _ rules: SaveRules = SaveRules()
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var table = TokenTable()
    return try table.save(SaveRequest(tokens, rules), now: VaultTime(clock: .now), as: .json)
  }

  /// The same for an import.
  package static func validateImport(
    spending tokens: inout [OAuthToken], _ rules: ImportRules, _ body: (SaveOutcome) -> Void
  ) throws(TokenVaultError) {
    var table = TokenTable()
    try table.importAll(
      spending: &tokens, now: VaultTime(clock: .now), rules, as: .json, body)
  }

  /// The same for an import of records that are still needed.
  package static func validateImport(_ tokens: [OAuthToken]) throws(TokenVaultError) {
    let unstorable = try TokenVaultError.wrap(
      import: TokenTable.checkImport(
        of: tokens, now: VaultTime(clock: .now), RecordFormat.json.canHold))
    guard tokens.count <= RecordFormat.recordCountLimit else { throw .tooManyRecords }
    if let unstorable { throw .unstorable(record: unstorable) }
  }

  /// The same for the answer of a token endpoint.
  package static func validateSave(
    answer: RefreshAnswer, for record: OAuthToken, ifRevision: Int?
  ) throws(TokenVaultError) {
    let request = try SaveRequest(answer, for: record, SaveRules(ifRevision: ifRevision))
    _ = try validateSave(request.tokens, request.rules)
  }

  // MARK: Deleting

  /// Deletes the record with this id.
  ///
  /// - Throws: ``TokenVaultError/unknownID(_:)`` if there is none; ``TokenVaultError/revisionConflict(id:expected:actual:)``
  ///   if it is no longer at `ifRevision`; and as ``save(_:ifRevision:)``.
  @available(*, noasync)
  public func deleteToken(id: String, ifRevision: Int? = nil) throws(TokenVaultError) {
    try deleteTokens(ids: [id], ifRevision: ifRevision)
  }

  /// Deletes the records with these ids in one commit, or none of them if one is unknown.
  ///
  /// The previous snapshot is removed too, so that what was deleted is gone from the disk.
  ///
  /// - Throws: As ``deleteToken(id:ifRevision:)``.
  @available(*, noasync)
  public func deleteTokens(
    ids: [String], ifRevision: Int? = nil
  ) throws(TokenVaultError) {
    if ids.isEmpty { return }
    try write { (transaction) throws(TokenVaultError) in
      try transaction.delete(ids: ids, ifRevision: ifRevision)
    }
  }

  /// Deletes all records and the previous snapshot; ids go on from where they were.
  ///
  /// - Throws: As ``deleteToken(id:ifRevision:)``.
  @available(*, noasync)
  public func deleteAllTokens() throws(TokenVaultError) { _ = try deleteAllRecords() }

  /// As ``deleteAllTokens()``.
  ///
  /// - Returns: The deleted records.
  package func deleteAllRecords() throws(TokenVaultError) -> [OAuthToken] {
    try write { (transaction) throws(TokenVaultError) in
      let records = Array(transaction.table.tokens)
      transaction.table.deleteAll()
      try transaction.commit(previous: .remove)
      return records
    }
  }
}
