/// The key of an index: a key of a query, alone or, but for the id, combined with a client, because one user or one
/// token may have records of thousands of clients.
struct RecordKey: Sendable {
  /// The field that an indexed record must have.
  let field: TokenField
  /// Its place among the indexes: even alone, odd with a client.
  let index: Int

  static let id = RecordKey(field: .id, index: 0)
  static let all = TokenQuery.keys.compactMap(RecordKey.init).flatMap {
    [$0, $0.withClient].compactMap(\.self)
  }
  /// Above every ``index``.
  static let indexLimit = 2 * TokenQuery.keys.count

  private init(field: TokenField, index: Int) { (self.field, self.index) = (field, index) }

  /// The key of a query's field, alone.
  init?(_ field: TokenField) {
    guard let place = TokenQuery.keys.firstIndex(of: field) else { return nil }
    self.init(field: field, index: 2 * place)
  }

  /// The same key combined with a client; nil for the id, which is unique.
  var withClient: RecordKey? {
    field == .id ? nil : RecordKey(field: field, index: index | 1)
  }

  private var hasClient: Bool { index & 1 == 1 }

  func hash(of token: OAuthToken) -> Int? {
    var hasher = Hasher()
    guard token.withText(of: field, { ExactText.hash($0, into: &hasher) }) != nil else {
      return nil
    }
    if hasClient {
      _ = token.withText(of: .clientID) { ExactText.hash($0, into: &hasher) }
    }
    return hasher.finalize()
  }

  /// The hash of a key's UTF-8 bytes, with those of a client if given.
  func hash(_ text: String, client: String? = nil) -> Int {
    var hasher = Hasher()
    ExactText.hash(text.utf8.span, into: &hasher)
    if let client { ExactText.hash(client.utf8.span, into: &hasher) }
    return hasher.finalize()
  }

  func isSame(_ left: OAuthToken, _ right: OAuthToken) -> Bool {
    left.hasSameText(field, as: right)
      && (!hasClient || left.hasSameText(.clientID, as: right))
  }
}
