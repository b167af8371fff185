/// A place that keeps OAuth tokens: the contract that `Vault` and `InMemoryTokenStore` share, and that a
/// store over a network can conform to.
///
/// How records are matched is told by `TokenQuery`, how a save changes them by `OAuthToken`.
public protocol TokenStore: Sendable {
  /// The record that the query means, or nil; of several records of one client, the oldest.
  ///
  /// Throws a conflict if the query fits records of several clients and names none of them.
  func findToken(matching query: TokenQuery) async throws -> OAuthToken?

  /// The record with this id, or nil.
  func findToken(id: String) async throws -> OAuthToken?

  /// Updates the record that `token` matches, or inserts it; durable when it returns.
  ///
  /// With `ifRevision`, the matched record must be at that revision, and with 0 there must be none, or
  /// nothing is changed and a revision conflict is thrown. So it is for a key that fits records of several clients, and
  /// for a record that would change where the secrets of the stored one go, and has not all of these secrets.
  @discardableResult
  func save(_ token: OAuthToken, ifRevision: Int?) async throws -> SaveOutcome

  /// Deletes the record with this id, which must be there, and at `ifRevision` where that is given.
  func deleteToken(id: String, ifRevision: Int?) async throws

  /// All records, the oldest first.
  func allTokens() async throws -> [OAuthToken]

  /// Deletes all records. Ids go on from where they were.
  func deleteAllTokens() async throws
}

extension TokenStore {
  /// Saves whatever the record's revision is.
  @discardableResult
  public func save(_ token: OAuthToken) async throws -> SaveOutcome {
    try await save(token, ifRevision: nil)
  }

  /// Deletes whatever the record's revision is.
  public func deleteToken(id: String) async throws {
    try await deleteToken(id: id, ifRevision: nil)
  }
}
