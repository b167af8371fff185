/// The result of a query.
package enum TokenMatch: Sendable {
  case none
  /// The oldest of `count` matching records, all of one client.
  case record(OAuthToken, count: Int)
  /// Matching records of several clients; the query names none.
  case severalClients(SeveralClients)

  /// The record; nil if none matches or the query is ambiguous.
  var token: OAuthToken? {
    if case .record(let token, _) = self { token } else { nil }
  }
}
