internal import Synchronization

/// A store that keeps nothing beyond its own life, by the same rules as `Vault`: for programs' tests.
public final class InMemoryTokenStore: TokenStore {
  private let table = Mutex(TokenTable())

  /// An empty store.
  public init() {}

  public func findToken(matching query: TokenQuery) -> OAuthToken? {
    table.withLock { $0.find(query) }
  }

  public func findToken(id: String) -> OAuthToken? { findToken(matching: TokenQuery(id: id)) }

  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil
  ) throws(TokenVaultError) -> SaveOutcome {
    try change { (table) throws(TokenVaultError) in
      let outcome: SaveOutcome
      do throws(TokenTableError) {
        outcome = try table.save(token, ifRevision: ifRevision)
      } catch {
        throw TokenVaultError(error)
      }
      try table.checkStorable([outcome], as: .json)
      return outcome
    }
  }

  public func deleteToken(id: String, ifRevision: Int? = nil) throws(TokenVaultError) {
    try change { (table) throws(TokenVaultError) in
      do throws(TokenTableError) {
        try table.delete(ids: [id], ifRevision: ifRevision)
      } catch {
        throw TokenVaultError(error)
      }
    }
  }

  public func allTokens() -> [OAuthToken] { table.withLock { $0.tokens } }

  public func deleteAllTokens() { table.withLock { $0.deleteAll() } }

  /// Changes the table, or leaves it as it was.
  private func change<Result: Sendable>(
    _ body: (inout TokenTable) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    try table.withLock { (table) throws(TokenVaultError) in
      var changed = table
      let result = try body(&changed)
      table = changed
      return result
    }
  }
}
