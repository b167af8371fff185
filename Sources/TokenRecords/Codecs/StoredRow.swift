/// A stored record that is not decoded: where its row is in a text, its keys, and its revision.
package struct StoredRow {
  /// Where the row is in the text, its line end included.
  package internal(set) var place = 0..<0
  /// The record's revision; 0 if it has none.
  package internal(set) var revision = 0
  /// The fields that are, or are a part of, keys; mostly as places in the text.
  var fields = PackedFields.Builder()

  /// Lends the id, out of the text that has the row; nil if the record has none.
  package func withID<Result>(
    in text: Span<UInt8>, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    fields.withText(.id, in: text, body)
  }

  /// Calls `body` with each key of the record, as ``OAuthToken/forEachSearchKey(_:)`` does.
  package func forEachSearchKey(
    in text: Span<UInt8>, _ body: (SearchKey.Kind, Span<UInt8>, _ client: Span<UInt8>) -> Void
  ) {
    func lend(_ field: TokenField, _ kind: SearchKey.Kind) {
      fields.withText(field, in: text) { if !$0.isEmpty { body(kind, $0, Span()) } }
    }
    lend(.id, .id)
    fields.withText(.userName, in: text) { user in
      if user.isEmpty { return }
      body(.userName, user, Span())
      let hasClient: Void? = fields.withText(.clientID, in: text) {
        body(.userAndClient, user, $0)
      }
      if hasClient == nil { body(.userAndClient, user, Span()) }
    }
    lend(.refreshToken, .refreshToken)
    lend(.accessToken, .accessToken)
    lend(.grantToken, .grantToken)
  }

  /// Cleanses the keys that are no parts of the text, such as those with escapes.
  package mutating func cleanse() { fields.cleanse() }
}
