import TokenVault

/// The records that `list` prints.
struct RecordListReport: Report, JSONValue {
  let tokens: [OAuthToken]
  let reveal: Bool
  let table: TokenTableLayout
  let emptySentence: String

  private func shown(_ index: Int) -> ShownRecord { ShownRecord(tokens[index], reveal: reveal) }

  var lines: AnySequence<String> {
    if tokens.isEmpty { return AnySequence([]) }
    guard reveal else { return table.lines(tokens) }
    return AnySequence(
      tokens.indices.lazy.map { index in
        (index == 0 ? "" : "\n") + shown(index).sentences.map { $0 + "\n" }.joined()
      })
  }

  var notes: [String] { tokens.isEmpty ? [emptySentence] : [] }

  var json: any JSONValue { self }
  var jsonText: String? { jsonPieces.joined() }

  /// A record a line.
  var jsonPieces: AnySequence<String> {
    if tokens.isEmpty { return AnySequence(["[]"]) }
    return AnySequence(
      tokens.indices.lazy.map { index in
        (index == 0 ? "[\n " : " ") + (shown(index).jsonText ?? "")
          + (index + 1 == tokens.count ? "\n]" : ",\n")
      })
  }
}
