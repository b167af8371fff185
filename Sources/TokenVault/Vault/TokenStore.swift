/// A store of OAuth tokens: the contract of ``Vault``, ``InMemoryTokenStore``, and perhaps a store over a network.
///
/// ``TokenQuery`` has the rules by which records match, and ``OAuthToken`` those by which a save changes them.
public protocol TokenStore: Sendable {
  /// The record that the query means, or nil; of several records of one client, the oldest.
  ///
  /// - Throws: A conflict if the query fits records of several clients and names none of them.
  func findToken(matching query: TokenQuery) async throws -> OAuthToken?

  /// The record with this id, or nil.
  func findToken(id: String) async throws -> OAuthToken?

  /// Updates the record that `token` matches, or inserts it; durable when it returns.
  ///
  /// - Parameters:
  ///   - token: What to save.
  ///   - ifRevision: The revision that the stored record must have; 0 if there must be none.
  /// - Throws: Nothing is changed then: a revision conflict; a conflict if the key fits records of several clients; a
  ///   conflict if `token` would change where the secrets of the stored record go, and does not have all of them.
  @discardableResult
  func save(_ token: OAuthToken, ifRevision: Int?) async throws -> SaveOutcome

  /// Deletes the record with this id.
  ///
  /// - Throws: Nothing is changed then: there is no such record; a revision conflict, if it is not at `ifRevision`.
  func deleteToken(id: String, ifRevision: Int?) async throws

  /// All records, the oldest first.
  func allTokens() async throws -> [OAuthToken]

  /// Deletes all records. Ids go on from where they were.
  func deleteAllTokens() async throws
}

extension TokenStore {
  /// Saves the record at any revision.
  ///
  /// - Throws: As ``save(_:ifRevision:)``.
  @discardableResult
  public func save(_ token: OAuthToken) async throws -> SaveOutcome {
    try await save(token, ifRevision: nil)
  }

  /// Deletes the record at any revision.
  ///
  /// - Throws: As ``deleteToken(id:ifRevision:)``.
  public func deleteToken(id: String) async throws {
    try await deleteToken(id: id, ifRevision: nil)
  }
}
