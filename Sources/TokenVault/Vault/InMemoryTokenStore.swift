internal import Synchronization

/// A store in memory, by the same rules as ``Vault``: for the tests of programs.
public final class InMemoryTokenStore: TokenStore {
  private let table = Mutex(TokenTable())

  /// An empty store.
  public init() {}

  /// The record that the query means, or nil.
  ///
  /// - Throws: As ``Vault/findToken(matching:)``.
  public func findToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    try FoundRecord(table.withLock { $0.match(query) })?.token
  }

  /// The record with this id, or nil.
  public func findToken(id: String) -> OAuthToken? {
    table.withLock { $0.find(TokenQuery(id: id)) }
  }

  /// Updates the record that `token` matches, or inserts it.
  ///
  /// - Throws: As ``Vault/save(_:ifRevision:)``.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil
  ) throws(TokenVaultError) -> SaveOutcome {
    try save(token, ifRevision: ifRevision, movingEndpoint: false)
  }

  /// As ``save(_:ifRevision:)``. With `movingEndpoint`, the user has said that secrets may go to another server.
  ///
  /// - Throws: As ``Vault/save(_:ifRevision:)``.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil, movingEndpoint: Bool
  ) throws(TokenVaultError) -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    return try save(SaveRequest([token], rules))
  }

  /// Saves the answer of a token endpoint for the record that `record` names.
  ///
  /// - Throws: As ``Vault/save(answer:for:ifRevision:movingEndpoint:)``.
  @discardableResult
  public func save(
    answer: RefreshAnswer, for record: OAuthToken, ifRevision: Int? = nil,
    movingEndpoint: Bool = false
  ) throws(TokenVaultError) -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    let outcome = try save(SaveRequest(answer, for: record, rules))
    if let problem = answer.problemAfterSaving { throw problem }
    return outcome
  }

  private func save(_ request: SaveRequest) throws(TokenVaultError) -> SaveOutcome {
    let now = VaultTime(clock: .now)
    let results = table.withLock { $0.save(each: [request], now: now, as: .json) }
    return try results[0].get()[0]
  }

  /// Deletes the record with this id.
  ///
  /// - Throws: As ``Vault/deleteToken(id:ifRevision:)``.
  public func deleteToken(id: String, ifRevision: Int? = nil) throws(TokenVaultError) {
    try TokenVaultError.wrap(
      table: table.withLock { (table) throws(TokenTableError) in
        try table.delete(ids: [id], ifRevision: ifRevision)
      })
  }

  /// All records, the oldest first.
  public func allTokens() -> [OAuthToken] { Array(table.withLock { $0.tokens }) }

  /// Deletes all records; ids go on from where they were.
  public func deleteAllTokens() { table.withLock { $0.deleteAll() } }
}
