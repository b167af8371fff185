/// The records that a query fits.
package enum TokenMatch: Sendable {
  case none
  /// The oldest of `count` records, which are all of one client.
  case record(OAuthToken, count: Int)
  /// Records of several clients, of which the query names none.
  case severalClients(SeveralClients)

  /// The record, unless there is none or the query leaves open which one it means.
  var token: OAuthToken? {
    if case .record(let token, _) = self { token } else { nil }
  }
}
