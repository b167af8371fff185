/// The record that a query means.
package struct FoundRecord: Sendable {
  package internal(set) var token: OAuthToken
  /// How many records of its client the query fits; this is the oldest of them.
  package let count: Int

  /// Nil if the query fits none.
  ///
  /// - Throws: ``TokenVaultError/severalClients(_:record:)`` if the query leaves open which one it means.
  init?(_ match: TokenMatch) throws(TokenVaultError) {
    switch match {
    case .none: return nil
    case .record(let token, let count): (self.token, self.count) = (token, count)
    case .severalClients(let clients): throw .severalClients(clients, record: nil)
    }
  }
}
