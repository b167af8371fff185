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
    try change { (table) throws(TokenTableError) in try table.save(token, ifRevision: ifRevision) }
  }

  public func deleteToken(id: String, ifRevision: Int? = nil) throws(TokenVaultError) {
    try change { (table) throws(TokenTableError) in
      try table.delete(ids: [id], ifRevision: ifRevision)
    }
  }

  public func allTokens() -> [OAuthToken] { table.withLock { $0.tokens } }

  public func deleteAllTokens() { table.withLock { $0.deleteAll() } }

  private func change<Result: Sendable>(
    _ body: (inout TokenTable) throws(TokenTableError) -> Result
  ) throws(TokenVaultError) -> Result {
    do throws(TokenTableError) {
      return try table.withLock { (table) throws(TokenTableError) in try body(&table) }
    } catch {
      throw TokenVaultError(error)
    }
  }
}
