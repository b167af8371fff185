import TokenVault

/// Prints whole records.
struct RecordPrinter {
  let reveal: Bool

  /// Bytes that are written at once.
  private static let pieceSize = 65_536

  private func shown(_ token: OAuthToken) -> OAuthToken { reveal ? token : MaskedToken.mask(token) }

  /// One JSON object in a line.
  func json(_ token: OAuthToken) -> String {
    DisplayText.json(String(decoding: RecordFormat.json.encode([shown(token)]), as: UTF8.self))
  }

  /// Writes one JSON array, in pieces, since there may be many records.
  func writeJSON(_ tokens: [OAuthToken]) throws(Failure) {
    if tokens.isEmpty { return try StandardOutput.write("[]\n") }
    var piece = "[\n"
    for (index, token) in tokens.enumerated() {
      piece += " \(json(token).dropLast())\(index + 1 < tokens.count ? "," : "")\n"
      guard piece.utf8.count >= Self.pieceSize else { continue }
      try StandardOutput.write(piece)
      piece.removeAll(keepingCapacity: true)
    }
    try StandardOutput.write(piece + "]\n")
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
