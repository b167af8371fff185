/// A key that many records of one input share, so that only their ids tell them apart.
package struct RepeatedKey {
  /// The name of the key's field.
  package let field: String
  /// The number of records that have the text of another one before.
  package let count: Int

  /// Nil if all keys differ. Counts by hashes: what it says is for a person.
  package init?(of tokens: [OAuthToken]) {
    var hashes: Set<Int> = []
    hashes.reserveCapacity(tokens.count)
    var repeated: [TokenField: Set<Int>] = [:]
    var counts: [TokenField: Int] = [:]
    for token in tokens {
      guard let (field, hash) = Self.hash(of: token), !hashes.insert(hash).inserted else {
        continue
      }
      // The first of them counts too.
      counts[field, default: 0] += repeated[field, default: []].insert(hash).inserted ? 2 : 1
    }
    guard let (field, count) = counts.max(by: { $0.value < $1.value }) else { return nil }
    (self.field, self.count) = (field.name, count)
  }

  /// The strongest key of a record, with its client.
  private static func hash(of token: OAuthToken) -> (TokenField, Int)? {
    let keys: [TokenField] = [.userName, .grantToken, .refreshToken, .accessToken]
    guard let field = keys.first(where: { token.hasText(of: $0) }) else { return nil }
    var hasher = Hasher()
    hasher.combine(field)
    _ = token.withText(of: field) { ExactText.hash($0, into: &hasher) }
    _ = token.withText(of: .clientID) { ExactText.hash($0, into: &hasher) }
    return (field, hasher.finalize())
  }
}
