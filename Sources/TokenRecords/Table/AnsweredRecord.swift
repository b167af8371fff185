/// The record that its caller names for the answer of a token endpoint.
package struct AnsweredRecord: Sendable {
  /// Finds it.
  let query: TokenQuery
  /// The id that it must have.
  let id: String?
  /// Whether it can be made: that takes a user.
  let canBeNew: Bool

  /// Nil for a record that names nothing to be found by.
  package init?(_ record: OAuthToken) {
    query = TokenQuery(matching: record)
    if query.key == nil { return nil }
    id = record.id.flatMap { $0.isEmpty ? nil : $0 }
    canBeNew = record.userName?.isEmpty == false
  }
}
