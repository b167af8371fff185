/// Decodes records from CSV by the names in the header row; an empty value is an absent field, but for a quoted one of
/// a field that may be empty.
struct CSVRecordDecoder {
  private let header: CSVHeader
  private let fields: [TokenField?]
  /// What the names of unknown columns mean; nil for those that mean nothing else.
  private let meanings: [NameMeaning?]

  init(_ header: CSVHeader) {
    self.header = header
    fields = header.columns.map(\.field)
    meanings = header.columns.indices.map { index in
      guard case .text(let name) = header.columns[index], !header.isLiteral(index) else {
        return nil
      }
      return NameMeaning(name)
    }
  }

  /// Reads stored records, and calls `body` with each and the offset where it begins.
  static func forEachStored(
    _ text: Span<UInt8>, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordFault) {
    var (header, table) = try CSVHeader.read(text, isStored: true)
    let decoder = CSVRecordDecoder(header)
    var reading = RecordReading(nil)
    var start = table.offset
    while let token = try decoder.record(text, &table, &reading) {
      body(token, start)
      start = table.offset
    }
  }

  /// Decodes the next row, but for those from outside that are blank; returns nil at the end.
  func record(
    _ text: Span<UInt8>, _ table: inout CSVTable, _ reading: inout RecordReading
  ) throws(RecordFault) -> OAuthToken? {
    while true {
      let start = table.offset
      var builder = RecordBuilder(reading.rules)
      let isThere = try table.row(text, of: fields.count) { (value, bytes) throws(RecordFault) in
        let field = fields[value.index]
        if Self.isAbsent(value, bytes, field, text, builder.isStored) { return }
        if let field {
          _ = try builder.accept(field, at: value.offset)
          builder.set(field, bytes, at: value.range)
        } else {
          try set(value, bytes, &builder, &reading)
        }
      }
      guard isThere else { return nil }
      if builder.isStored || !builder.isEmpty {
        return try reading.finish(&builder, from: text, at: start)
      }
    }
  }

  /// Whether a value is none: an empty one, unless it is the quoted text of a field that may be empty; from outside also
  /// what a database writes for none.
  private static func isAbsent(
    _ value: CSVValue, _ bytes: Span<UInt8>, _ field: TokenField?, _ text: Span<UInt8>,
    _ isStored: Bool
  ) -> Bool {
    let isQuoted = value.offset < text.count && text[value.offset] == UInt8(ascii: "\"")
    if bytes.isEmpty { return !(isQuoted && field?.mayBeEmpty == true) }
    return !isStored && !isQuoted && DatabaseNull.matches(bytes)
  }

  private func set(
    _ value: CSVValue, _ bytes: Span<UInt8>, _ builder: inout RecordBuilder,
    _ reading: inout RecordReading
  ) throws(RecordFault) {
    let (column, offset) = (header.columns[value.index], value.offset)
    _ = try builder.accept(column.recordName, at: offset)
    if case .known(.history(let field)) = column {
      return try builder.setHistory(field, bytes, at: offset)
    }
    let text = try String(utf8: bytes, 0..<bytes.count, faultAt: offset)
    switch column {
    case .known(.field(let field)): builder.set(field, bytes, at: nil)
    case .known(.revision): try builder.setRevision(text, at: offset)
    case .known(.history): break
    case .known(.expiresIn), .known(.expiresInSeconds), .known(.zohoExpiry):
      reading.addKnown(column.recordName, .text(Secret(text)), to: &builder)
    case .known(.attribute(let name)), .text(let name):
      guard let meaning = meanings[value.index] else {
        return builder.set(name, .text(Secret(text)))
      }
      reading.add(name, .text(Secret(text)), meaning, to: &builder)
    case .json(let name):
      builder.set(name, try Self.json(text, at: offset, isStored: builder.isStored))
    }
  }

  private static func json(
    _ value: String, at offset: Int, isStored: Bool
  ) throws(RecordFault) -> AttributeValue {
    var scanner = JSONScanner(allowsWhiteSpace: !isStored)
    let bytes = value.utf8.span
    do throws(RecordFault) {
      let result = try JSONValueCopier.attribute(bytes, &scanner)
      try scanner.requireEnd(bytes, expecting: "one JSON value")
      // A stored text has a column of its own, so that it has one form.
      if isStored, case .text = result { throw RecordFault(.notStored, at: offset) }
      return result
    } catch {
      throw RecordFault(error.reason, at: offset)
    }
  }
}
