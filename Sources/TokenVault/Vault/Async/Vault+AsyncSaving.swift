// The same operations for tasks: saving and deleting.
extension Vault {
  /// Saves a record as the synchronous form does, without blocking the thread of the task.
  ///
  /// A task that is cancelled while the save waits for other writers stops waiting, and nothing is saved. Once the save
  /// has the lock, it goes on to its end, and returns its result.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`; nothing was saved then.
  @discardableResult
  public func save(_ token: OAuthToken, ifRevision: Int? = nil) async throws -> SaveOutcome {
    try await save(token, ifRevision: ifRevision, movingEndpoint: false)
  }

  /// The same; with `movingEndpoint`, the user lets the stored secrets go to another server.
  ///
  /// - Throws: As ``TokenStore/save(_:ifRevision:)``.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil, movingEndpoint: Bool
  ) async throws -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    return try await save(SaveRequest([token], rules))[0]
  }

  /// Saves all of these in one commit, or none of them.
  ///
  /// - Throws: As the form for one record.
  @discardableResult
  public func save(
    _ tokens: [OAuthToken], movingEndpoint: Bool = false
  ) async throws -> [SaveOutcome] {
    try await save(SaveRequest(tokens, SaveRules(allowsMoves: movingEndpoint)))
  }

  /// Saves the answer of a token endpoint for the record that `record` names.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func save(
    answer: RefreshAnswer, for record: OAuthToken, ifRevision: Int? = nil,
    movingEndpoint: Bool = false
  ) async throws -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    let outcome = try await save(SaveRequest(answer, for: record, rules))[0]
    if let problem = answer.problemAfterSaving { throw problem }
    return outcome
  }

  /// Merges the records of another store, all in one commit or none of them.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public func importTokens(
    _ tokens: [OAuthToken], dryRun: Bool = false, movingEndpoint: Bool = false,
    overwriting: Bool = false
  ) async throws -> [SaveOutcome] {
    try await writers.run {
      try self.importTokens(
        tokens, dryRun: dryRun, movingEndpoint: movingEndpoint, overwriting: overwriting)
    }
  }

  // MARK: Deleting

  /// Deletes the record with this id.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`; nothing was deleted then.
  public func deleteToken(id: String, ifRevision: Int? = nil) async throws {
    try await deleteTokens(ids: [id], ifRevision: ifRevision)
  }

  /// Deletes the records with these ids in one commit, or none of them if one is unknown.
  ///
  /// - Throws: As the form for one record.
  public func deleteTokens(ids: [String], ifRevision: Int? = nil) async throws {
    try await writers.run { try self.deleteTokens(ids: ids, ifRevision: ifRevision) }
  }

  /// Deletes all records and the previous snapshot; ids go on from where they were.
  ///
  /// - Throws: As the form for one record.
  public func deleteAllTokens() async throws {
    try await writers.run { try self.deleteAllTokens() }
  }
}
