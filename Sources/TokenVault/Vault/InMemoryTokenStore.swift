internal import Synchronization

/// A store in memory, by the same rules as ``Vault``: for the tests of programs.
///
/// Its methods wait for nothing, so that tasks and threads may call all of them.
public final class InMemoryTokenStore: TokenStore {
  private struct Watchers: Sendable {
    var all: [Int: AsyncStream<VaultChange>.Continuation] = [:]
    var next = 0
  }

  /// Locked also while changes are reported, which keeps their order.
  private let table = Mutex(TokenTable())
  /// Not locked while a change is reported: a task that is cancelled removes its watcher under a lock for which the report
  /// may wait.
  private let watchers = Mutex(Watchers())
  let refreshes = SharedRefreshes()
  let refreshed = MemoryRefreshRight.Records()

  /// An empty store.
  public init() {}

  // MARK: Changing the table

  func match(_ query: TokenQuery) -> TokenMatch { table.withLock { $0.match(query) } }

  /// Lends the table to `body`, and reports what has changed.
  func change<Result: Sendable, Failure: Error>(
    _ body: (inout TokenTable) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try table.withLock { (table) throws(Failure) in
      let watchers = watchers.withLock { Array($0.all.values) }
      let old = watchers.isEmpty ? nil : table.tokens
      let result = try body(&table)
      if let old {
        var changes = TableDiff(from: old, to: table.tokens, policy: table.policy, at: .now)
        while let change = changes.next() {
          for watcher in watchers { watcher.yield(change) }
        }
      }
      return result
    }
  }

  /// The changes from now on, until their reader lets go of them.
  func watch() -> AsyncStream<VaultChange> {
    let (changes, watcher) = AsyncStream.makeStream(of: VaultChange.self)
    let number = watchers.withLock { watchers in
      watchers.next += 1
      watchers.all[watchers.next] = watcher
      return watchers.next
    }
    watcher.onTermination = { _ in
      _ = self.watchers.withLock { $0.all.removeValue(forKey: number) }
    }
    return changes
  }

  // MARK: Reading

  /// The record that the query means, or nil.
  ///
  /// - Throws: As ``Vault/findToken(matching:)``.
  public func findToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    try FoundRecord(match(query))?.token
  }

  /// The record with this id, or nil.
  public func findToken(id: String) -> OAuthToken? {
    table.withLock { $0.find(TokenQuery(id: id)) }
  }

  /// All records, the oldest first.
  public func allTokens() -> [OAuthToken] { Array(table.withLock { $0.tokens }) }

  // MARK: Saving and deleting

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
    let results = change { $0.save(each: [request], now: now, as: .json) }
    return try results[0].get()[0]
  }

  /// Deletes the record with this id.
  ///
  /// - Throws: As ``Vault/deleteToken(id:ifRevision:)``.
  public func deleteToken(id: String, ifRevision: Int? = nil) throws(TokenVaultError) {
    try TokenVaultError.wrap(
      table: change { (table) throws(TokenTableError) in
        try table.delete(ids: [id], ifRevision: ifRevision)
      })
  }

  /// Deletes all records; ids go on from where they were.
  public func deleteAllTokens() { change { $0.deleteAll() } }
}
