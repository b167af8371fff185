/// A key by which a query finds records, as an index of a vault has it.
package struct SearchKey: Sendable {
  /// The kinds of key, with the numbers that stand for them in the format.
  package enum Kind: UInt8, Sendable, CaseIterable {
    case id, userName
    /// A user with the client; of a record without a client, with none.
    case userAndClient
    case grantToken, refreshToken, accessToken
  }

  package let kind: Kind
  package let text: String
  /// The client of a `userAndClient`; empty without one.
  package let client: String

  package init(_ kind: Kind, _ text: String, client: String = "") {
    (self.kind, self.text, self.client) = (kind, text, client)
  }
}

extension SearchKey.Kind {
  /// The kind of key that is the text of a field; nil if no query finds records by it.
  fileprivate init?(_ field: TokenField) {
    switch field {
    case .id: self = .id
    case .userName: self = .userName
    case .grantToken: self = .grantToken
    case .refreshToken: self = .refreshToken
    case .accessToken: self = .accessToken
    default: return nil
    }
  }
}

extension TokenField {
  /// Whether the text of the field is, or is a part of, a key.
  var isInSearchKeys: Bool { self == .clientID || SearchKey.Kind(self) != nil }
}

extension OAuthToken {
  /// Calls `body` with each key of the record: its kind, its text, and the client's, which is empty if the key has none.
  package func forEachSearchKey(
    _ body: (SearchKey.Kind, Span<UInt8>, _ client: Span<UInt8>) -> Void
  ) {
    forEachField { index, text in
      guard let field = TokenField(rawValue: index), let kind = SearchKey.Kind(field),
        !text.isEmpty
      else { return }
      body(kind, text, Span())
      if kind != .userName { return }
      let hasClient: Void? = withText(of: .clientID) { body(.userAndClient, text, $0) }
      if hasClient == nil { body(.userAndClient, text, Span()) }
    }
  }
}

extension TokenQuery {
  /// Each record that the query fits has one of these keys.
  package var searchKeys: [SearchKey] {
    guard let key, let kind = SearchKey.Kind(key.field) else { return [] }
    guard kind == .userName, let clientID else { return [SearchKey(kind, key.text)] }
    return [clientID, ""].map { SearchKey(.userAndClient, key.text, client: $0) }
  }
}
