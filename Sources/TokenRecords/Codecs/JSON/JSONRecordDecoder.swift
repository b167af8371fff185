internal import VaultCrypto

/// Decodes records from JSON: one object, an array of objects, or objects one after another.
package struct JSONRecordDecoder {
  private var scanner: JSONScanner
  private let now: Timestamp?
  /// Whether the records get only the fields that are keys; what else they have is passed over.
  private var readsKeysAlone = false
  private var count = 0
  private var names = FieldNames()
  /// The positions of records with a lifetime of the access token, as answers of token endpoints have.
  package private(set) var lifetimes: Set<Int> = []

  static func decode(_ text: Span<UInt8>, now: Timestamp?) throws(RecordFault) -> [OAuthToken] {
    var decoder = JSONRecordDecoder(for: text, now: now)
    return try decoder.records(text)
  }

  /// A decoder of one text; `now` is the time that `expires_in` counts from, or nil for stored records.
  package init(for text: Span<UInt8>, now: Timestamp?) {
    scanner = JSONScanner(
      at: now == nil ? 0 : ByteOrderMark.size(in: text), allowsWhiteSpace: now != nil)
    self.now = now
  }

  /// The records of the text.
  package mutating func records(_ text: Span<UInt8>) throws(RecordFault) -> [OAuthToken] {
    var tokens: [OAuthToken] = []
    scanner.skipWhiteSpace(text)
    if now != nil, scanner.offset < text.count, try scanner.consume("[", text) {
      try array(text, &tokens)
      try scanner.requireEnd(text, expecting: "nothing after the array")
    }
    while scanner.offset < text.count {
      tokens.append(try record(text))
      if now == nil { try scanner.requireLineEnd(text) }
      scanner.skipWhiteSpace(text)
    }
    return tokens
  }

  /// Reads stored records, and calls `body` with each and the offset where it begins. With `keysAlone`, the records have
  /// only the fields that are keys.
  static func forEachStored(
    _ text: Span<UInt8>, keysAlone: Bool, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordFault) {
    var decoder = JSONRecordDecoder(for: text, now: nil)
    decoder.readsKeysAlone = keysAlone
    while decoder.scanner.offset < text.count {
      let start = decoder.scanner.offset
      let token = try decoder.record(text)
      try decoder.scanner.requireLineEnd(text)
      body(token, start)
    }
  }

  private mutating func array(
    _ text: Span<UInt8>, _ tokens: inout [OAuthToken]
  ) throws(RecordFault) {
    if try scanner.consume("]", text) { return }
    repeat { tokens.append(try record(text)) } while try scanner.consume(",", text)
    try scanner.require("]", text)
  }

  private mutating func record(_ text: Span<UInt8>) throws(RecordFault) -> OAuthToken {
    guard count < RecordFormat.recordCountLimit else {
      throw RecordFault(.tooManyRecords, at: scanner.offset)
    }
    count += 1
    guard try scanner.consume("{", text) else {
      throw RecordFault(.expected("a record: a JSON object"), at: scanner.offset)
    }
    let start = scanner.offset
    var builder = RecordBuilder(now: now)
    if try scanner.consume("}", text) { return builder.makeToken(from: text) }
    repeat {
      try member(text, &builder)
      if scanner.offset - start > RecordFormat.recordSizeLimit {
        throw RecordFault(.recordTooLong, at: start - 1)
      }
    } while try scanner.consume(",", text)
    try scanner.require("}", text)
    return builder.makeToken(from: text)
  }

  private mutating func member(
    _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    scanner.skipWhiteSpace(text)
    let start = scanner.offset
    let range = try scanner.plainString(text)
    var known: RecordName?
    if let range, let index = names.index(text, range) {
      if let field = TokenField(rawValue: index) {
        try builder.rejectDuplicate(field, at: start)
        try scanner.require(":", text)
        if readsKeysAlone, !field.isInSearchKeys { return try skipString(text) }
        return try value(of: field, text, &builder)
      }
      known = FieldNames.others[index - TokenField.allCases.count]
    }
    let name = if let known { known } else { try name(text, range) }
    try builder.rejectDuplicate(name, at: start)
    try scanner.require(":", text)
    if readsKeysAlone, case .history = name { return try skipString(text) }
    try value(of: name, text, &builder)
  }

  private mutating func skipString(_ text: Span<UInt8>) throws(RecordFault) {
    if try scanner.plainString(text) == nil { _ = try scanner.string(text) }
  }

  private mutating func name(
    _ text: Span<UInt8>, _ range: Range<Int>?
  ) throws(RecordFault) -> RecordName {
    if let range { return RecordName(try String(utf8: text, range)) }
    return RecordName(try scanner.string(text))
  }

  private mutating func value(
    of field: TokenField, _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    let first = try scanner.peek(text)
    let start = scanner.offset
    switch first {
    case UInt8(ascii: "\""):
      guard let range = try scanner.plainText(text) else {
        var unescaped = try scanner.unescapedText(text)
        defer { unescaped.cleanse() }
        return builder.set(field, unescaped.span, at: nil)
      }
      try builder.checkStored(field, isEmpty: range.isEmpty, at: start)
      builder.set(field, text.extracting(range), at: range)
    case UInt8(ascii: "n"):
      try scanner.literal("null", text)
      if now == nil { throw RecordFault(.notStored, at: start) }
    default: throw RecordFault(.notText(field: field.name), at: scanner.offset)
    }
  }

  private mutating func value(
    of name: RecordName, _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    let first = try scanner.peek(text)
    let start = scanner.offset
    switch name {
    case .field(let field): try value(of: field, text, &builder)
    case .attribute(let name):
      builder.set(name, try JSONValueCopier.attribute(text, &scanner))
    case .history(let field): try history(field, text, &builder)
    case _ where first == UInt8(ascii: "n"): try scanner.literal("null", text)
    case .revision where builder.isStored:
      try builder.setRevision(try String(utf8: text, try scanner.number(text)), at: start)
    case .revision: try builder.setRevision(try plainNumber(text), at: start)
    case .expiresIn, .expiresInSeconds:
      lifetimes.insert(count - 1)
      try builder.setExpiresIn(try plainNumber(text), as: name, at: start)
    case .zohoExpiry: builder.setZohoExpiry(try plainNumber(text))
    }
  }

  private mutating func history(
    _ field: HistoryField, _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    let start = scanner.offset
    guard now == nil else {
      _ = try JSONValueCopier.copy(text, &scanner)
      return
    }
    guard try scanner.peek(text) == UInt8(ascii: "\"") else {
      throw RecordFault(.notStored, at: start)
    }
    if let range = try scanner.plainString(text) {
      return try builder.setHistory(field, text.extracting(range), at: start)
    }
    let unescaped = try scanner.string(text)
    try builder.setHistory(field, unescaped.utf8.span, at: start)
  }

  /// A number, or a string that may hold one: some servers send `"expires_in": "3600"`.
  private mutating func plainNumber(_ text: Span<UInt8>) throws(RecordFault) -> String {
    if try scanner.peek(text) == UInt8(ascii: "\"") { return try scanner.string(text) }
    return try String(utf8: text, try scanner.number(text))
  }
}

/// Finds a known name by its bytes. Starts behind the name found last, because records mostly keep one order.
private struct FieldNames {
  /// The names behind those of the fields.
  static let others = [RecordName.revision] + HistoryField.allCases.map { .history($0) }
  private static let all = (TokenField.allCases.map(\.name) + others.compactMap(\.text)).map {
    let bytes = Array($0.utf8)
    return PackedName(bytes.span, 0..<bytes.count)
  }
  private let names = Self.all
  private var next = 0

  /// A field's raw value, or the number of fields plus an index of `others`.
  mutating func index(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count <= PackedName.limit else { return nil }
    let name = PackedName(text, range)
    if next < names.count, names[next] == name {
      next += 1
    } else if let found = names.firstIndex(of: name) {
      next = found + 1
    } else {
      return nil
    }
    return next - 1
  }
}

/// Up to 16 bytes in two words, so that names compare in registers.
private struct PackedName: Equatable {
  static let limit = 16
  private let low: UInt64
  private let high: UInt64
  private let count: Int

  init(_ text: Span<UInt8>, _ range: Range<Int>) {
    count = range.count
    low = Self.word(text, range.lowerBound, min(range.count, 8))
    high = range.count > 8 ? Self.word(text, range.lowerBound + 8, range.count - 8) : 0
  }

  /// `count` bytes from `start`, 1 to 8, the rest zero.
  private static func word(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
    if count > 0, start + 8 <= text.count {
      let word = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
      return UInt64(littleEndian: word) & (.max >> UInt64(64 - 8 * count))
    }
    var word: UInt64 = 0
    for place in 0..<count { word |= UInt64(text[start + place]) << UInt64(8 * place) }
    return word
  }
}
