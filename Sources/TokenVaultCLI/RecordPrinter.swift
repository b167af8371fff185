import TokenVault

/// Prints whole records.
struct RecordPrinter {
  let reveal: Bool

  private func shown(_ token: OAuthToken) -> OAuthToken { reveal ? token : MaskedToken.mask(token) }

  /// One JSON object in a line.
  func json(_ token: OAuthToken) -> String {
    String(decoding: RecordFormat.json.encode([shown(token)]), as: UTF8.self)
  }

  /// One JSON array.
  func json(_ tokens: [OAuthToken]) -> String {
    if tokens.isEmpty { return "[]\n" }
    let lines = tokens.map { " " + json($0).dropLast() }
    return "[\n\(lines.joined(separator: ",\n"))\n]\n"
  }

  /// A line for each field, its name and its value.
  func lines(_ token: OAuthToken) -> String {
    let token = shown(token)
    var rows = TokenField.allCases.compactMap { field in token[field].map { (field.name, $0) } }
    rows += token.attributes.map { ($0.name, $0.value.content.revealed) }
    rows.append(("revision", String(token.revision)))
    rows += token.history.members
    let width = rows.map { DisplayText.width(DisplayText.oneLine($0.0)) }.max() ?? 0
    return rows.map { name, value in
      let name = DisplayText.oneLine(name)
      let padding = String(repeating: " ", count: width - DisplayText.width(name))
      return "\(name)\(padding)  \(DisplayText.oneLine(value))\n"
    }.joined()
  }
}
