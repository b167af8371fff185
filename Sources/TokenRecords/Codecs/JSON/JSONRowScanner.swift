internal import VaultCrypto

/// Finds the rows and keys of stored records in JSON.
struct JSONRowScanner {
  private var scanner = JSONScanner(allowsWhiteSpace: false)
  private var names = JSONFieldNames()
  /// A bit for each known name that the row has had.
  private var seen: UInt32 = 0

  mutating func next(_ text: Span<UInt8>) throws(RecordFault) -> StoredRow? {
    let start = scanner.offset
    if start >= text.count { return nil }
    var row = StoredRow()
    seen = 0
    try scanner.require("{", text)
    if try !scanner.consume("}", text) {
      repeat { try member(text, &row) } while try scanner.consume(",", text)
      try scanner.require("}", text)
    }
    if scanner.offset - start > RecordFormat.recordSizeLimit {
      throw RecordFault(.recordTooLong, at: start)
    }
    try scanner.requireLineEnd(text)
    row.place = start..<scanner.offset
    return row
  }

  private mutating func member(
    _ text: Span<UInt8>, _ row: inout StoredRow
  ) throws(RecordFault) {
    let start = scanner.offset
    let name = try nameIndex(text)
    try scanner.require(":", text)
    guard let name else { return try skipValue(text) }
    let bit: UInt32 = 1 << UInt32(name)
    guard seen & bit == 0 else {
      throw RecordFault(.duplicateName(JSONFieldNames.names[name].text), at: start)
    }
    seen |= bit
    if let field = TokenField(rawValue: name), field.isInSearchKeys {
      try key(field, text, &row)
    } else if name == JSONFieldNames.revision {
      row.revision = try revision(text)
    } else {
      try skipString(text)
    }
  }

  /// The index of a known name; nil for that of an unknown field.
  @inline(__always) private mutating func nameIndex(
    _ text: Span<UInt8>
  ) throws(RecordFault) -> Int? {
    let start = scanner.offset
    let range = try scanner.plainString(text)
    if let range, let index = names.index(text, range) { return index }
    let name = if let range { try String(utf8: text, range) } else { try scanner.string(text) }
    switch RecordName(name) {
    case .field(let field): return field.rawValue
    case .revision: return JSONFieldNames.revision
    case .history(let field): return JSONFieldNames.revision + 1 + field.rawValue
    case .attribute: return nil
    case .expiresIn, .expiresInSeconds, .zohoExpiry: throw RecordFault(.notStored, at: start)
    }
  }

  private mutating func key(
    _ field: TokenField, _ text: Span<UInt8>, _ row: inout StoredRow
  ) throws(RecordFault) {
    if let range = try scanner.plainText(text) { return row.fields.set(field, at: range) }
    var unescaped = try scanner.unescapedText(text)
    defer { unescaped.cleanse() }
    row.fields.set(field, unescaped.span)
  }

  private mutating func revision(_ text: Span<UInt8>) throws(RecordFault) -> Int {
    let range = try scanner.number(text)
    guard let revision = text.extracting(range).revision else {
      throw RecordFault(.notRevision, at: range.lowerBound)
    }
    return revision
  }

  private mutating func skipString(_ text: Span<UInt8>) throws(RecordFault) {
    if try scanner.plainString(text) == nil { _ = try scanner.string(text) }
  }

  /// Passes over the value of an unknown field.
  private mutating func skipValue(_ text: Span<UInt8>) throws(RecordFault) {
    if try scanner.peek(text) == UInt8(ascii: "\"") { return try skipString(text) }
    _ = try JSONValueCopier.copy(text, &scanner)
  }
}

extension Span<UInt8> {
  /// The revision that these digits are; nil if they are none.
  var revision: Int? {
    if isEmpty || count > 16 { return nil }
    var number = 0
    for index in indices {
      guard case 48...57 = self[index] else { return nil }
      number = 10 * number + Int(self[index]) - 48
    }
    return number <= TokenTable.counterLimit ? number : nil
  }
}
