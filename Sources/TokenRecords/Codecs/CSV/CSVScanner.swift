internal import VaultCrypto

/// Reads the values of comma-separated text (RFC 4180, section 2) at its offset.
///
/// Rows end with LF or CR LF; in stored records every row, the last one too, ends with CR LF. A quoted value may
/// contain any text, and `""` in it is a quote. Text from outside may have another separator than the comma.
struct CSVScanner {
  /// Whether a value is followed by another value or by the end of its row.
  enum End { case value, row }

  private(set) var offset: Int
  /// Whether an unquoted value may contain quotes, as in files of the Node and PHP SDKs, which never quote.
  let allowsStrayQuotes: Bool
  let isStored: Bool
  /// The comma in stored records.
  private let separator: Unicode.Scalar
  /// Whether blanks before a value, and those behind a quoted one, are no part of it.
  var skipsBlanks = false
  /// The last value, if it had doubled quotes: with single ones.
  private(set) var unescaped: [UInt8] = []

  init(
    at offset: Int = 0, allowsStrayQuotes: Bool = false, isStored: Bool = false,
    separator: Unicode.Scalar = ","
  ) {
    (self.offset, self.allowsStrayQuotes) = (offset, allowsStrayQuotes)
    (self.isStored, self.separator) = (isStored, separator)
  }

  func isAtEnd(_ text: Span<UInt8>) -> Bool { offset >= text.count }

  /// Skips a line end; returns false if none stands here.
  mutating func consumeLineEnd(_ text: Span<UInt8>) -> Bool {
    guard let size = lineEndSize(text, at: offset) else { return false }
    offset += size
    return true
  }

  mutating func forgetUnescaped() {
    unescaped.cleanse()
    unescaped = []
  }

  /// Reads a value and the comma or line end after it; returns where its bytes are, or nil if they are ``unescaped``.
  mutating func value(_ text: Span<UInt8>) throws(RecordFault) -> (range: Range<Int>?, end: End) {
    if skipsBlanks { skipBlanks(text) }
    if offset < text.count, text[offset] == UInt8(ascii: "\"") { return try quoted(text) }
    let start = offset
    var isASCII = true
    while true {
      let run = run(text)
      offset = run.end
      isASCII = isASCII && run.isASCII
      try checkSize(from: start)
      guard offset < text.count else { break }
      switch text[offset] {
      case UInt8(ascii: separator):
        defer { offset += 1 }
        return (try checked(text, start..<offset, isASCII), .value)
      case 0x0A, 0x0D:
        let range = try checked(text, start..<offset, isASCII)
        guard consumeLineEnd(text) else { throw RecordFault(.strayCarriageReturn, at: offset) }
        return (range, .row)
      case UInt8(ascii: "\"") where !allowsStrayQuotes: throw RecordFault(.strayQuote, at: offset)
      default: offset += 1
      }
    }
    if isStored { throw RecordFault(.notStored, at: offset) }
    return (try checked(text, start..<offset, isASCII), .row)
  }

  private func run(_ text: Span<UInt8>) -> ByteScan.Run {
    separator == ","
      ? ByteScan.csvRun(text, from: offset)
      : ByteScan.csvRun(text, from: offset, separator: separator)
  }

  private mutating func skipBlanks(_ text: Span<UInt8>) {
    while offset < text.count, text[offset] == UInt8(ascii: " ") { offset += 1 }
  }

  private func checked(
    _ text: Span<UInt8>, _ range: Range<Int>, _ isASCII: Bool
  ) throws(RecordFault) -> Range<Int> {
    if !isASCII { try text.checkUTF8(range) }
    return range
  }

  private mutating func quoted(
    _ text: Span<UInt8>
  ) throws(RecordFault) -> (range: Range<Int>?, end: End) {
    let opening = offset
    offset += 1
    let start = offset
    let isASCII = try skipToQuote(text, from: opening)
    if !isDoubledQuote(text) {
      let range = try checked(text, start..<offset, isASCII)
      return (range, try end(text))
    }
    var runStart = start
    while isDoubledQuote(text) {
      keep(text.extracting(runStart...offset))
      offset += 2
      runStart = offset
      _ = try skipToQuote(text, from: opening)
    }
    keep(text.extracting(runStart..<offset))
    try unescaped.span.checkUTF8(0..<unescaped.count, faultAt: opening)
    return (nil, try end(text))
  }

  private mutating func keep(_ part: Span<UInt8>) {
    unescaped.makeRoom(for: part.count)
    unescaped.append(contentsOf: part)
  }

  /// Skips to the next quote; returns whether all bytes before it are ASCII.
  private mutating func skipToQuote(
    _ text: Span<UInt8>, from opening: Int
  ) throws(RecordFault) -> Bool {
    let limit = min(text.count, opening + RecordFormat.recordSizeLimit)
    // Doubled quotes may have moved the offset past the limit.
    guard offset < limit else { throw endlessQuote(text, opening) }
    let run = ByteScan.quoteRun(text.extracting(0..<limit), from: offset)
    offset = run.end
    if offset < limit { return run.isASCII }
    throw endlessQuote(text, opening)
  }

  private func endlessQuote(_ text: Span<UInt8>, _ opening: Int) -> RecordFault {
    RecordFault(offset < text.count ? .recordTooLong : .unterminatedQuote, at: opening)
  }

  private func isDoubledQuote(_ text: Span<UInt8>) -> Bool {
    offset + 1 < text.count && text[offset + 1] == UInt8(ascii: "\"")
  }

  /// Skips the closing quote, and the separator or line end that must follow.
  private mutating func end(_ text: Span<UInt8>) throws(RecordFault) -> End {
    offset += 1
    if skipsBlanks { skipBlanks(text) }
    if offset >= text.count, !isStored { return .row }
    if consumeLineEnd(text) { return .row }
    guard offset < text.count else { throw RecordFault(.notStored, at: offset) }
    guard text[offset] == UInt8(ascii: separator) else {
      throw RecordFault(.textAfterQuote, at: offset)
    }
    offset += 1
    return .value
  }

  private func lineEndSize(_ text: Span<UInt8>, at offset: Int) -> Int? {
    guard offset < text.count else { return nil }
    if text[offset] == 0x0A { return isStored ? nil : 1 }
    guard text[offset] == 0x0D, offset + 1 < text.count, text[offset + 1] == 0x0A else {
      return nil
    }
    return 2
  }

  private func checkSize(from start: Int) throws(RecordFault) {
    if offset - start > RecordFormat.recordSizeLimit {
      throw RecordFault(.recordTooLong, at: start)
    }
  }
}
