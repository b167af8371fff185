/// Reads records from CSV by the names in its header row; an empty value is an absent field.
struct CSVRecordDecoder {
  static func decode(_ text: Span<UInt8>, now: Timestamp?) throws(RecordFault) -> [OAuthToken] {
    var table = CSVTable(text)
    let columns = try columns(&table, text, isStored: now == nil)
    let fields = columns.map(\.field)
    var tokens: [OAuthToken] = []
    while true {
      var builder = RecordBuilder(now: now)
      let isThere = try table.row(text, of: columns.count) { (value, bytes) throws(RecordFault) in
        if bytes.isEmpty { return }
        if let field = fields[value.index] {
          try builder.note(field, at: value.offset)
          builder.set(field, bytes, at: value.range)
        } else {
          try set(columns[value.index], bytes, at: value.offset, &builder)
        }
      }
      guard isThere else { return tokens }
      tokens.append(builder.takeToken(from: text))
    }
  }

  private static func columns(
    _ table: inout CSVTable, _ text: Span<UInt8>, isStored: Bool
  ) throws(RecordFault) -> [CSVColumn] {
    var columns: [CSVColumn] = []
    var attributes = 0
    var seen: Set<ExactText> = []
    try table.header(text) { (name, offset) throws(RecordFault) in
      let column = CSVColumn(header: name)
      guard seen.insert(ExactText(column.header)).inserted else {
        throw RecordFault(.duplicateName(column.recordName.text), at: offset)
      }
      switch column {
      case .known(.expiresIn), .known(.expiresInSeconds), .known(.zohoExpiry):
        if isStored { throw RecordFault(.notStored, at: offset) }
      case .text, .json: attributes += 1
      default: break
      }
      guard attributes <= RecordFormat.attributeColumnLimit else {
        throw RecordFault(.tooManyColumns, at: offset)
      }
      columns.append(column)
    }
    guard columns.contains(where: { $0.field != nil }) else {
      throw RecordFault(.noTokenColumn, at: 0)
    }
    return columns
  }

  private static func set(
    _ column: CSVColumn, _ bytes: Span<UInt8>, at offset: Int, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    try builder.note(column.recordName, at: offset)
    if case .known(.history(let field)) = column {
      return try builder.setHistory(field, bytes, at: offset)
    }
    let value = try String(utf8: bytes, 0..<bytes.count, faultAt: offset)
    switch column {
    case .known(.field(let field)): builder.set(field, bytes, at: nil)
    case .known(.revision): try builder.setRevision(value, at: offset)
    case .known(.history): break
    case .known(.expiresIn), .known(.expiresInSeconds):
      try builder.setExpiresIn(value, as: column.recordName, at: offset)
    case .known(.zohoExpiry): builder.setZohoExpiry(value)
    case .known(.attribute(let name)), .text(let name):
      builder.set(name, .text(Secret(value)))
    case .json(let name): builder.set(name, try json(value, at: offset))
    }
  }

  private static func json(_ value: String, at offset: Int) throws(RecordFault) -> AttributeValue {
    var scanner = JSONScanner()
    let bytes = value.utf8.span
    let result: AttributeValue
    do throws(RecordFault) {
      // A string is text, as in our JSON.
      result =
        try scanner.peek(bytes) == UInt8(ascii: "\"")
        ? .text(Secret(try scanner.string(bytes)))
        : .json(Secret(try JSONValueCopier.copy(bytes, &scanner)))
    } catch {
      throw RecordFault(error.reason, at: offset)
    }
    scanner.skipWhiteSpace(bytes)
    guard scanner.offset == bytes.count else {
      throw RecordFault(.expected("one JSON value"), at: offset)
    }
    return result
  }
}
