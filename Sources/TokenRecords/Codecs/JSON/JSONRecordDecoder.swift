internal import VaultCrypto

/// Decodes records from JSON: one object, an array of objects, or objects one after another.
struct JSONRecordDecoder: OutsideDecoder {
  /// What may come next.
  private enum State { case start, array, objects }

  private var state = State.start
  private var scanner: JSONScanner
  private var reading: RecordReading
  private var count = 0
  private var isAnswer: Bool { reading.rules?.isAnswer == true }
  private var names = JSONFieldNames()

  /// A decoder of one text, for records from outside or, without rules, stored ones.
  init(for text: Span<UInt8>, _ rules: ReadingRules?) {
    scanner = JSONScanner(
      at: rules == nil ? 0 : ByteOrderMark.size(in: text), allowsWhiteSpace: rules != nil)
    reading = RecordReading(rules)
  }

  var offset: Int { scanner.offset }
  var result: ReadRecords { reading.result }

  /// Reads one object, and nothing after it.
  static func readOne(
    _ text: Span<UInt8>, _ rules: ReadingRules
  ) throws(RecordFault) -> ReadRecords {
    var decoder = JSONRecordDecoder(for: text, rules)
    decoder.reading.keep(try decoder.record(text))
    try decoder.scanner.requireEnd(text, expecting: "nothing after the object")
    return decoder.reading.result
  }

  mutating func readNext(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    scanner.skipWhiteSpace(text)
    if state != .array, scanner.offset == text.count { return false }
    guard try isRecordNext(text) else {
      try scanner.requireEnd(text, expecting: "nothing after the array")
      return false
    }
    reading.keep(try record(text))
    return true
  }

  /// Passes over what begins, separates and ends the records of an array; returns false at its end.
  private mutating func isRecordNext(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    let isFirst = state == .start
    if isFirst { state = try scanner.consume("[", text) ? .array : .objects }
    guard state == .array else { return true }
    if isFirst {
      if try !scanner.consume("]", text) { return true }
    } else {
      if try scanner.consume(",", text) { return true }
      try scanner.require("]", text)
    }
    state = .objects
    return false
  }

  /// Reads stored records, and calls `body` with each and the offset where it begins.
  static func forEachStored(
    _ text: Span<UInt8>, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordFault) {
    var decoder = JSONRecordDecoder(for: text, nil)
    while decoder.scanner.offset < text.count {
      let start = decoder.scanner.offset
      let token = try decoder.record(text)
      try decoder.scanner.requireLineEnd(text)
      body(token, start)
    }
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
    var builder = RecordBuilder(reading.rules)
    if try !scanner.consume("}", text) {
      repeat {
        try member(text, &builder)
        if scanner.offset - start > RecordFormat.recordSizeLimit {
          throw RecordFault(.recordTooLong, at: start - 1)
        }
      } while try scanner.consume(",", text)
      try scanner.require("}", text)
    }
    return try reading.finish(&builder, from: text, at: start - 1)
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
        let isFirst = try builder.accept(field, at: start)
        try scanner.require(":", text)
        return isFirst ? try value(of: field, text, &builder) : try skip(text)
      }
      known = JSONFieldNames.names[index]
    }
    let name = if let known { known } else { try name(text, range) }
    let isFirst = try builder.accept(name, at: start)
    try scanner.require(":", text)
    if isFirst { try value(of: name, text, &builder) } else { try skip(text) }
  }

  private mutating func skip(_ text: Span<UInt8>) throws(RecordFault) {
    _ = try JSONValueCopier.copy(text, &scanner)
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
      if builder.isStored { throw RecordFault(.notStored, at: start) }
    case _ where builder.isStored: throw RecordFault(.notText(field: field.name), at: start)
    default: try setFromJSON(field, text, &builder)
    }
  }

  /// Sets a field of a record from outside to what is no string: a whole number, or a list of scopes.
  private mutating func setFromJSON(
    _ field: TokenField, _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    let start = scanner.offset
    let value = AttributeValue.json(Secret(try JSONValueCopier.copy(text, &scanner)))
    if field == .expiresAt { return builder.add(field.name, value, .end(rank: 0)) }
    let member = AnswerMember(name: field.name, role: .field(field, rank: 0), value: value)
    if let text = member.text(for: field) { return builder.set(field, text.utf8.span, at: nil) }
    // Without this field, the record would be another one, or without its token.
    if field.isSecret || field.isInSearchKeys, !isAnswer {
      throw RecordFault(.notText(field: field.name), at: start)
    }
    reading.leaveOut(field)
  }

  private mutating func value(
    of name: RecordName, _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    let first = try scanner.peek(text)
    let start = scanner.offset
    switch name {
    case .field(let field): try value(of: field, text, &builder)
    case .attribute(let name):
      reading.add(name, try JSONValueCopier.attribute(text, &scanner), to: &builder)
    case .revision where isAnswer, .history where isAnswer: try skip(text)
    case .history(let field): try history(field, text, &builder)
    case _ where first == UInt8(ascii: "n"): try scanner.literal("null", text)
    case .revision where builder.isStored:
      try builder.setRevision(try String(utf8: text, try scanner.number(text)), at: start)
    case .revision: try builder.setRevision(try plainNumber(text), at: start)
    case .expiresIn, .expiresInSeconds, .zohoExpiry:
      reading.addKnown(name, try JSONValueCopier.attribute(text, &scanner), to: &builder)
    }
  }

  private mutating func history(
    _ field: HistoryField, _ text: Span<UInt8>, _ builder: inout RecordBuilder
  ) throws(RecordFault) {
    let start = scanner.offset
    guard try scanner.peek(text) == UInt8(ascii: "\"") else {
      if builder.isStored { throw RecordFault(.notStored, at: start) }
      return try skip(text)
    }
    if let range = try scanner.plainString(text) {
      return try builder.setHistory(field, text.extracting(range), at: start)
    }
    let unescaped = try scanner.string(text)
    try builder.setHistory(field, unescaped.utf8.span, at: start)
  }

  /// A number, or a string that may hold one.
  private mutating func plainNumber(_ text: Span<UInt8>) throws(RecordFault) -> String {
    if try scanner.peek(text) == UInt8(ascii: "\"") { return try scanner.string(text) }
    return try String(utf8: text, try scanner.number(text))
  }
}
