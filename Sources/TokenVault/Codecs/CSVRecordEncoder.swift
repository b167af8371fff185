/// Writes records as CSV: a header row, then a row each; every row ends with CR LF. Values are quoted only
/// where they must be.
struct CSVRecordEncoder {
  private var output: [UInt8] = []

  /// The columns that every file has.
  private static let knownColumns =
    TokenField.allCases.map { CSVColumn.known(.field($0)) } + [.known(.revision)]
    + HistoryField.allCases.map { .known(.history($0)) }

  static func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    let others = attributeColumns(of: tokens)
    var encoder = CSVRecordEncoder()
    encoder.reserve(for: tokens, others)
    encoder.appendRow((knownColumns + others).map(\.header))
    for token in tokens { encoder.append(token, others) }
    return encoder.output
  }

  /// Writes rows of text as they are, for other layouts than ours.
  static func encode(rows: [[String]]) -> [UInt8] {
    var encoder = CSVRecordEncoder()
    encoder.output.reserveCapacity(
      rows.reduce(0) { $0 + $1.reduce(2) { $0 + quotedSize($1) + 1 } })
    for row in rows { encoder.appendRow(row) }
    return encoder.output
  }

  /// A column for each name and kind of unknown field, in the order of the names' bytes.
  static func attributeColumns(of tokens: [OAuthToken]) -> [CSVColumn] {
    var names: Set<ExactText> = []
    for attribute in tokens.lazy.flatMap(\.attributes) {
      names.insert(ExactText(column(of: attribute).header))
    }
    return names.sorted().map { CSVColumn(header: $0.text) }
  }

  /// At least as many bytes as the header row has.
  static func headerSize(_ columns: [CSVColumn]) -> Int {
    columns.reduce(500) { $0 + quotedSize($1.header) + 1 }
  }

  private static func column(of attribute: TokenAttributes.Element) -> CSVColumn {
    switch attribute.value {
    case .text: .text(attribute.name)
    case .json: .json(attribute.name)
    }
  }

  /// Reserves it all at once, so that growing leaves no copies of secrets behind in freed memory.
  private mutating func reserve(for tokens: [OAuthToken], _ others: [CSVColumn]) {
    var size = Self.headerSize(others)
    for token in tokens {
      for field in TokenField.allCases { size += token[field].map(Self.quotedSize) ?? 0 }
      for attribute in token.attributes {
        size += Self.quotedSize(attribute.value.content.revealed)
      }
      size += Self.knownColumns.count + others.count + 200
    }
    output.reserveCapacity(size)
  }

  private static func quotedSize(_ text: String) -> Int {
    let bytes = text.utf8.span
    var size = bytes.count + 2
    if ByteScan.csvSpecial(bytes, from: 0) == bytes.count { return size }
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\"") { size += 1 }
    return size
  }

  private mutating func appendRow(_ values: [String]) {
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      append(value)
    }
    output.append(contentsOf: "\r\n".utf8)
  }

  private mutating func append(_ token: OAuthToken, _ others: [CSVColumn]) {
    for field in TokenField.allCases {
      if let text = token[field] { append(text) }
      output.append(UInt8(ascii: ","))
    }
    if token.revision > 0 { output.append(contentsOf: String(token.revision).utf8) }
    for field in HistoryField.allCases {
      output.append(UInt8(ascii: ","))
      if let text = token.history.text(of: field) { append(text) }
    }
    for column in others {
      output.append(UInt8(ascii: ","))
      append(value(of: column, in: token))
    }
    output.append(contentsOf: "\r\n".utf8)
  }

  private func value(of column: CSVColumn, in token: OAuthToken) -> String {
    switch column {
    case .text(let name):
      if case .text(let text) = token.attributes[name] { text.revealed } else { "" }
    case .json(let name):
      if case .json(let json) = token.attributes[name] { json.revealed } else { "" }
    case .known: ""
    }
  }

  private mutating func append(_ text: String) {
    let bytes = text.utf8.span
    if ByteScan.csvSpecial(bytes, from: 0) < bytes.count { return appendQuoted(bytes) }
    output.append(contentsOf: text.utf8)
  }

  private mutating func appendQuoted(_ bytes: Span<UInt8>) {
    output.append(UInt8(ascii: "\""))
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "\"") { output.append(UInt8(ascii: "\"")) }
      output.append(bytes[index])
    }
    output.append(UInt8(ascii: "\""))
  }
}
