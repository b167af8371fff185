import TokenVault

/// A record as a command shows it: its secrets masked, unless they are to be revealed.
struct ShownRecord: Report, JSONValue {
  private let token: OAuthToken

  init(_ token: OAuthToken, reveal: Bool) { self.token = reveal ? token : MaskedToken.mask(token) }

  /// A line for each field, its name and its value.
  var sentences: [String] {
    var rows = TokenField.allCases.compactMap { field in token[field].map { [field.name, $0] } }
    rows += token.attributes.map { [$0.name, $0.value.content.revealed] }
    rows.append(["revision", String(token.revision)])
    rows += token.history.members.map { [$0.name, $0.text] }
    return TextColumns.lines(rows)
  }

  var json: any JSONValue { self }

  var jsonText: String? {
    // Without the line feed that ends each record.
    String(decoding: RecordFormat.json.encode([token]).dropLast(), as: UTF8.self)
  }
}
