/// A list of scopes in JSON, as some servers send it, as the text of RFC 6749 (section 3.3): separated by blanks.
enum ScopeList {
  /// Nil for what is no list of texts.
  static func text(of json: String) -> String? {
    let bytes = json.utf8.span
    var scanner = JSONScanner()
    return try? list(bytes, &scanner).joined(separator: " ")
  }

  private static func list(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner
  ) throws(RecordFault) -> [String] {
    var scopes: [String] = []
    try scanner.require("[", text)
    if try scanner.consume("]", text) { return [] }
    repeat { scopes.append(try scanner.string(text)) } while try scanner.consume(",", text)
    try scanner.require("]", text)
    return scopes
  }
}

extension AnswerMember {
  /// The text for a field: that of a list of scopes is separated by blanks.
  func text(for field: TokenField) -> String? {
    guard field == .scope, case .json(let json) = value else { return text }
    return ScopeList.text(of: json.revealed) ?? text
  }
}
