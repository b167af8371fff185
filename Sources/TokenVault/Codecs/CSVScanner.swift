internal import VaultCrypto

/// Reads values of comma-separated text (RFC 4180, section 2) at an offset that moves on.
///
/// Rows end with LF or CR LF; inside quotes any text may stand, and `""` is a quote.
struct CSVScanner {
  /// What follows a value.
  enum End { case value, row }

  private(set) var offset: Int
  /// Whether a quote may stand inside a value that does not begin with one, as in what the Node and PHP
  /// SDKs write, who never quote.
  let allowsStrayQuotes: Bool

  init(at offset: Int = 0, allowsStrayQuotes: Bool = false) {
    (self.offset, self.allowsStrayQuotes) = (offset, allowsStrayQuotes)
  }

  func isAtEnd(_ text: Span<UInt8>) -> Bool { offset >= text.count }

  /// Passes over a line end where one stands, so that blank lines can be skipped.
  mutating func takeLineEnd(_ text: Span<UInt8>) -> Bool {
    guard let size = lineEndSize(text, at: offset) else { return false }
    offset += size
    return true
  }

  /// Reads one value, and the comma or line end after it.
  mutating func value(_ text: Span<UInt8>) throws(RecordFault) -> (text: String, end: End) {
    if offset < text.count, text[offset] == UInt8(ascii: "\"") { return try quoted(text) }
    let start = offset
    while true {
      offset = ByteScan.csvSpecial(text, from: offset)
      try checkSize(from: start)
      guard offset < text.count else { break }
      switch text[offset] {
      case UInt8(ascii: ","):
        defer { offset += 1 }
        return (try String(utf8: text, start..<offset), .value)
      case 0x0A, 0x0D:
        let value = try String(utf8: text, start..<offset)
        guard takeLineEnd(text) else { throw RecordFault(.strayCarriageReturn, at: offset) }
        return (value, .row)
      case UInt8(ascii: "\"") where !allowsStrayQuotes: throw RecordFault(.strayQuote, at: offset)
      default: offset += 1
      }
    }
    return (try String(utf8: text, start..<offset), .row)
  }

  private mutating func quoted(_ text: Span<UInt8>) throws(RecordFault) -> (text: String, end: End)
  {
    let opening = offset
    offset += 1
    let start = offset
    try skipToQuote(text, from: opening)
    if !isDoubledQuote(text) {
      let value = try String(utf8: text, start..<offset)
      return (value, try end(text))
    }
    var bytes: [UInt8] = []
    defer { bytes.cleanse() }
    var runStart = start
    while isDoubledQuote(text) {
      for index in runStart...offset { bytes.append(text[index]) }
      offset += 2
      runStart = offset
      try skipToQuote(text, from: opening)
    }
    for index in runStart..<offset { bytes.append(text[index]) }
    let value = try String(utf8: bytes.span, 0..<bytes.count, faultAt: opening)
    return (value, try end(text))
  }

  private mutating func skipToQuote(_ text: Span<UInt8>, from opening: Int) throws(RecordFault) {
    let limit = min(text.count, opening + RecordFormat.recordSizeLimit)
    while offset < limit {
      if text[offset] == UInt8(ascii: "\"") { return }
      offset += 1
    }
    throw RecordFault(offset < text.count ? .recordTooLong : .unterminatedQuote, at: opening)
  }

  private func isDoubledQuote(_ text: Span<UInt8>) -> Bool {
    offset + 1 < text.count && text[offset + 1] == UInt8(ascii: "\"")
  }

  /// Passes over the closing quote and what must follow it.
  private mutating func end(_ text: Span<UInt8>) throws(RecordFault) -> End {
    offset += 1
    if offset >= text.count || takeLineEnd(text) { return .row }
    guard text[offset] == UInt8(ascii: ",") else { throw RecordFault(.textAfterQuote, at: offset) }
    offset += 1
    return .value
  }

  private func lineEndSize(_ text: Span<UInt8>, at offset: Int) -> Int? {
    guard offset < text.count else { return nil }
    if text[offset] == 0x0A { return 1 }
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
