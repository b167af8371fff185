/// The record for which a caller saves the answer of a token endpoint.
package struct AnsweredRecord: Sendable {
  /// The query that finds it.
  let query: TokenQuery
  /// The id that it must have, if the caller gave one.
  let id: String?
  /// Whether the save may insert it, which needs a user.
  let canBeNew: Bool

  /// Nil for a record without a key.
  package init?(_ record: OAuthToken) {
    query = TokenQuery(matching: record)
    if query.key == nil { return nil }
    id = record.id.flatMap { $0.isEmpty ? nil : $0 }
    canBeNew = record.userName?.isEmpty == false
  }
}
