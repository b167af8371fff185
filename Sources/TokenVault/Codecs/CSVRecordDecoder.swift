/// Reads records from CSV by the names in its header row; an empty value is an absent field.
struct CSVRecordDecoder {
  static func decode(_ text: Span<UInt8>, now: Timestamp) throws(RecordFault) -> [OAuthToken] {
    var table = CSVTable(text)
    let columns = try columns(&table, text)
    var tokens: [OAuthToken] = []
    var values: [String] = []
    while try table.row(text, of: columns.count, into: &values) {
      tokens.append(try record(values, columns, table.offsets, now))
    }
    return tokens
  }

  private static func columns(
    _ table: inout CSVTable, _ text: Span<UInt8>
  ) throws(RecordFault) -> [CSVColumn] {
    let columns = try table.header(text).map { CSVColumn(header: $0) }
    var seen: Set<ExactText> = []
    for (column, offset) in zip(columns, table.offsets) {
      guard seen.insert(ExactText(column.header)).inserted else {
        throw RecordFault(.duplicateName(column.recordName.text), at: offset)
      }
    }
    return columns
  }

  private static func record(
    _ values: [String], _ columns: [CSVColumn], _ offsets: [Int], _ now: Timestamp
  ) throws(RecordFault) -> OAuthToken {
    var builder = RecordBuilder(now: now)
    for (index, value) in values.enumerated() where !value.isEmpty {
      let (column, offset) = (columns[index], offsets[index])
      try builder.note(column.recordName, at: offset)
      switch column {
      case .known(.field(.expiresAt)): builder.setExpiresAt(value)
      case .known(.field(let field)): builder.set(field, value)
      case .known(.revision): try builder.setRevision(value, at: offset)
      case .known(.expiresIn): try builder.setExpiresIn(value, at: offset)
      case .known(.zohoExpiry): builder.setZohoExpiry(value)
      case .known(.attribute(let name)), .text(let name):
        builder.set(name, .text(Secret(value)))
      case .json(let name): builder.set(name, .json(Secret(try json(value, at: offset))))
      }
    }
    return builder.token
  }

  private static func json(_ value: String, at offset: Int) throws(RecordFault) -> String {
    var scanner = JSONScanner()
    let bytes = value.utf8.span
    do {
      let copy = try JSONValueCopier.copy(bytes, &scanner)
      scanner.skipWhiteSpace(bytes)
      if scanner.offset == bytes.count { return copy }
    } catch {
      throw RecordFault(error.reason, at: offset)
    }
    throw RecordFault(.expected("one JSON value"), at: offset)
  }
}
