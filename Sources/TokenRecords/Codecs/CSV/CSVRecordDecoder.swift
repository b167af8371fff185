/// Decodes records from CSV by the names in the header row; an empty value is an absent field, but for a quoted one of
/// a field that may be empty.
struct CSVRecordDecoder {
  private var table: CSVTable
  private let columns: [CSVColumn]
  private let fields: [TokenField?]
  /// The time that `expires_in` counts from; nil for stored records.
  private let now: Timestamp?
  /// Whether the records get only the fields that are keys; what else they have is passed over.
  private var readsKeysAlone = false

  static func decode(_ text: Span<UInt8>, now: Timestamp?) throws(RecordFault) -> [OAuthToken] {
    var decoder = try CSVRecordDecoder(text, now: now)
    var tokens: [OAuthToken] = []
    while let token = try decoder.record(text) { tokens.append(token) }
    return tokens
  }

  /// Reads stored records, and calls `body` with each and the offset where it begins. With `keysAlone`, the records have
  /// only the fields that are keys.
  static func forEachStored(
    _ text: Span<UInt8>, keysAlone: Bool, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordFault) {
    var decoder = try CSVRecordDecoder(text, now: nil)
    decoder.readsKeysAlone = keysAlone
    var start = decoder.table.offset
    while let token = try decoder.record(text) {
      body(token, start)
      start = decoder.table.offset
    }
  }

  init(_ text: Span<UInt8>, now: Timestamp?) throws(RecordFault) {
    var table = CSVTable(text, isStored: now == nil)
    columns = try Self.columns(&table, text, isStored: now == nil)
    fields = columns.map(\.field)
    (self.table, self.now) = (table, now)
  }

  /// Decodes the next row; returns nil at the end.
  mutating func record(_ text: Span<UInt8>) throws(RecordFault) -> OAuthToken? {
    var builder = RecordBuilder(now: now)
    let (columns, fields, readsKeysAlone) = (columns, fields, readsKeysAlone)
    let isThere = try table.row(text, of: columns.count) { (value, bytes) throws(RecordFault) in
      if bytes.isEmpty, !Self.isEmptyText(fields[value.index], value, text) { return }
      if readsKeysAlone, fields[value.index]?.isInSearchKeys != true { return }
      if let field = fields[value.index] {
        try builder.rejectDuplicate(field, at: value.offset)
        builder.set(field, bytes, at: value.range)
      } else {
        try Self.set(columns[value.index], bytes, at: value.offset, &builder)
      }
    }
    return isThere ? builder.makeToken(from: text) : nil
  }

  /// Whether an empty value is the text of a field that may be empty: if it is quoted.
  private static func isEmptyText(
    _ field: TokenField?, _ value: CSVValue, _ text: Span<UInt8>
  ) -> Bool {
    field?.mayBeEmpty == true && value.offset < text.count
      && text[value.offset] == UInt8(ascii: "\"")
  }

  /// The columns that a stored header row names.
  static func columns(of headerRow: Span<UInt8>) throws(RecordFault) -> [CSVColumn] {
    try CSVRecordDecoder(headerRow, now: nil).columns
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
    if isStored, !columns.starts(with: CSVRecordEncoder.knownColumns) {
      throw RecordFault(.notStored, at: 0)
    }
    return columns
  }

  private static func set(
    _ column: CSVColumn, _ bytes: Span<UInt8>, at offset: Int, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    try builder.rejectDuplicate(column.recordName, at: offset)
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
    case .json(let name):
      builder.set(name, try json(value, at: offset, isStored: builder.isStored))
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
