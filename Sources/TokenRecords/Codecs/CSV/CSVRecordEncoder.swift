/// Encodes records as CSV: a header row, then one for each record, all with CR LF. Quotes only values that need it,
/// and an empty text, which would be an absent field; an export also a text that databases write for an absent one.
package struct CSVRecordEncoder {
  private var budget: EscapeBudget
  /// Whether the rows are for others, and not stored.
  private let isExport: Bool

  /// The columns that every vault has, before those of unknown fields.
  static let knownColumns =
    TokenField.allCases.map { CSVColumn.known(.field($0)) } + [.known(.revision)]
    + HistoryField.allCases.map { .known(.history($0)) }

  /// An upper bound for the bytes of a row besides its fields: commas, line end, revision, the longest history.
  private static let rowSize = 300

  /// The names of all columns: the known ones, then `others`.
  package static func header(_ others: [CSVColumn]) -> [String] {
    (knownColumns + others).map(\.header)
  }

  /// Encodes rows of text.
  package static func encode(rows: [[String]]) -> [UInt8] {
    var rowStarts: [Int] = []
    return encode(rows: rows, [], [], startingAt: &rowStarts)
  }

  /// Encodes rows of text, then records, whose unknown fields must all have a column in `others`; sets `rowStarts` to the
  /// offset at which each record begins.
  static func encode(
    rows: [[String]], _ tokens: ArraySlice<OAuthToken>, _ others: [CSVColumn],
    isExport: Bool = false, startingAt rowStarts: inout [Int]
  ) -> [UInt8] {
    EscapeBudget.text(
      plainSize: rows.reduce(0) { $0 + plainSize($1) }
        + tokens.reduce(0) { $0 + plainSize($1, others) },
      escapes: {
        rows.reduce(0) { $0 + escapes($1, isExport) }
          + tokens.reduce(0) { $0 + escapes($1, isExport) }
      },
      write: { budget, output in
        var encoder = CSVRecordEncoder(budget: budget, isExport: isExport)
        for row in rows { encoder.append(row, to: &output) }
        rowStarts.removeAll(keepingCapacity: true)
        for token in tokens {
          rowStarts.append(output.count)
          encoder.append(token, others, to: &output)
        }
        budget = encoder.budget
      })
  }

  private static func plainSize(_ row: [String]) -> Int {
    row.reduce(2) { $0 + $1.utf8.count + 1 }
  }

  private static func plainSize(_ token: OAuthToken, _ others: [CSVColumn]) -> Int {
    var size = rowSize + token.fieldSize + others.count
    for attribute in token.attributes { size += attribute.value.content.revealed.utf8.count }
    return size
  }

  /// The bytes that quoting adds to a row.
  private static func escapes(_ row: [String], _ isExport: Bool) -> Int {
    row.reduce(0) { $0 + escapes($1.utf8.span, isExport) }
  }

  private static func escapes(_ token: OAuthToken, _ isExport: Bool) -> Int {
    var size = 0
    token.forEachField { size += escapes($1, isExport) }
    if let state = token.history.refresh { size += escapes(state.text.utf8.span, isExport) }
    for attribute in token.attributes {
      size += escapes(attribute.value.content.revealed.utf8.span, isExport)
    }
    return size
  }

  private static func escapes(_ bytes: Span<UInt8>, _ isExport: Bool) -> Int {
    if isPlain(bytes, isExport) { return 0 }
    var size = 2
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\"") { size += 1 }
    return size
  }

  private mutating func append(_ row: [String], to output: inout OutputSpan<UInt8>) {
    for (index, value) in row.enumerated() {
      if index > 0 { output.append(ascii: ",") }
      append(value.utf8.span, to: &output)
    }
    output.append("\r\n")
  }

  private mutating func append(
    _ token: OAuthToken, _ others: [CSVColumn], to output: inout OutputSpan<UInt8>
  ) {
    var column = 0
    token.forEachField { index, text in
      while column < index { Self.appendComma(&column, to: &output) }
      if text.isEmpty, TokenField(rawValue: index)?.mayBeEmpty == true {
        output.append("\"\"")
      } else {
        append(text, to: &output)
      }
    }
    while column < TokenField.allCases.count { Self.appendComma(&column, to: &output) }
    if token.revision > 0 { output.append(String(token.revision)) }
    append(token.history, to: &output)
    for column in others {
      output.append(ascii: ",")
      if !token.attributes.isEmpty { append(token.attributes, column, to: &output) }
    }
    output.append("\r\n")
  }

  private static func appendComma(_ column: inout Int, to output: inout OutputSpan<UInt8>) {
    output.append(ascii: ",")
    column += 1
  }

  private mutating func append(_ history: RecordHistory, to output: inout OutputSpan<UInt8>) {
    output.append(ascii: ",")
    history.firstSavedAt?.append(to: &output)
    output.append(ascii: ",")
    history.lastUsedAt?.append(to: &output)
    output.append(ascii: ",")
    if let state = history.refresh { append(state.text.utf8.span, to: &output) }
  }

  /// Appends the attribute with a column's name and kind, if there is one.
  private mutating func append(
    _ attributes: TokenAttributes, _ column: CSVColumn, to output: inout OutputSpan<UInt8>
  ) {
    switch column {
    case .text(let name):
      if case .text(let text) = attributes[name] { append(text.revealed.utf8.span, to: &output) }
    case .json(let name):
      if case .json(let json) = attributes[name] { append(json.revealed.utf8.span, to: &output) }
    case .known: break
    }
  }

  private static func isPlain(_ bytes: Span<UInt8>, _ isExport: Bool) -> Bool {
    ByteScan.csvRun(bytes, from: 0).end == bytes.count
      && !(isExport && DatabaseNull.matches(bytes))
  }

  private mutating func append(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
    if Self.isPlain(bytes, isExport) { return output.append(bytes) }
    guard budget.spend(Self.escapes(bytes, isExport)) else { return }
    output.append(ascii: "\"")
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "\"") { output.append(ascii: "\"") }
      output.append(bytes[index])
    }
    output.append(ascii: "\"")
  }
}
