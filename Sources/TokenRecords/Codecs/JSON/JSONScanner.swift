internal import VaultCrypto

/// Reads the lexical elements of JSON at its offset. What RFC 8259 does not allow is a fault at its first byte.
struct JSONScanner {
  /// The nesting limit of arrays and objects in an unknown field.
  static let depthLimit = 64

  private(set) var offset: Int
  /// Whether white space may stand between the elements; stored records have none.
  private let allowsWhiteSpace: Bool

  init(at offset: Int = 0, allowsWhiteSpace: Bool = true) {
    (self.offset, self.allowsWhiteSpace) = (offset, allowsWhiteSpace)
  }

  @inline(__always) mutating func skipWhiteSpace(_ text: Span<UInt8>) {
    guard allowsWhiteSpace else { return }
    while offset < text.count {
      switch text[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  /// The next byte that is not white space; the offset is there then.
  @inline(__always) mutating func peek(_ text: Span<UInt8>) throws(RecordFault) -> UInt8 {
    skipWhiteSpace(text)
    guard offset < text.count else { throw RecordFault(.unexpectedEnd, at: offset) }
    return text[offset]
  }

  /// Skips white space and then this character; returns false if another one stands there.
  @inline(__always) mutating func consume(_ scalar: Unicode.Scalar, _ text: Span<UInt8>)
    throws(RecordFault) -> Bool
  {
    guard try peek(text) == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  mutating func requireLineEnd(_ text: Span<UInt8>) throws(RecordFault) {
    guard offset < text.count, text[offset] == 0x0A else {
      throw RecordFault(.notStored, at: offset)
    }
    offset += 1
  }

  /// Skips white space to the end of the text, which must come next.
  mutating func requireEnd(_ text: Span<UInt8>, expecting what: String) throws(RecordFault) {
    skipWhiteSpace(text)
    guard offset == text.count else { throw RecordFault(.expected(what), at: offset) }
  }

  @inline(__always) mutating func require(_ scalar: Unicode.Scalar, _ text: Span<UInt8>)
    throws(RecordFault)
  {
    guard try consume(scalar, text) else { throw RecordFault(.expected("'\(scalar)'"), at: offset) }
  }

  mutating func string(_ text: Span<UInt8>) throws(RecordFault) -> String {
    if let range = try plainString(text) { return try String(utf8: text, range) }
    var bytes = try unescapedText(text)
    defer { bytes.cleanse() }
    return try String(utf8: bytes.span, 0..<bytes.count)
  }

  /// Reads a string without escapes and returns where its bytes are; returns nil, and reads nothing, if it has any.
  @inline(__always) mutating func plainString(_ text: Span<UInt8>) throws(RecordFault) -> Range<
    Int
  >? {
    try plainRange(text)?.range
  }

  /// As ``plainString(_:)``, and checks that the bytes are UTF-8.
  @inline(__always) mutating func plainText(_ text: Span<UInt8>) throws(RecordFault) -> Range<Int>?
  {
    guard let (range, isASCII) = try plainRange(text) else { return nil }
    if !isASCII { try text.checkUTF8(range) }
    return range
  }

  @inline(__always) private mutating func plainRange(
    _ text: Span<UInt8>
  ) throws(RecordFault) -> (range: Range<Int>, isASCII: Bool)? {
    let opening = offset
    try require("\"", text)
    let start = offset
    let run = try plainRun(text)
    guard text[run.end] == UInt8(ascii: "\"") else {
      offset = opening
      return nil
    }
    offset = run.end + 1
    return (start..<run.end, run.isASCII)
  }

  /// Reads a string and returns its UTF-8 bytes with the escapes resolved; the caller cleanses them.
  mutating func unescapedText(_ text: Span<UInt8>) throws(RecordFault) -> [UInt8] {
    try require("\"", text)
    let start = offset
    var bytes = try unescaped(text, from: start)
    do { try bytes.span.checkUTF8(0..<bytes.count, faultAt: start) } catch {
      bytes.cleanse()
      throw error
    }
    return bytes
  }

  /// The bytes before the next quote or backslash.
  @inline(__always) private func plainRun(_ text: Span<UInt8>) throws(RecordFault) -> ByteScan.Run {
    let run = ByteScan.jsonRun(text, from: offset)
    if run.end - offset > RecordFormat.recordSizeLimit {
      throw RecordFault(.recordTooLong, at: offset)
    }
    guard run.end < text.count else { throw RecordFault(.unexpectedEnd, at: run.end) }
    if text[run.end] < 0x20 { throw RecordFault(.controlCharacter, at: run.end) }
    return run
  }

  /// The largest number of bytes that an escape stands for.
  private static let escapedSize = 4

  private mutating func unescaped(
    _ text: Span<UInt8>, from start: Int
  ) throws(RecordFault) -> [UInt8] {
    var bytes: [UInt8] = []
    var isWhole = false
    defer { if !isWhole { bytes.cleanse() } }
    offset = start
    while true {
      let end = try plainRun(text).end
      bytes.makeRoom(for: end - offset + Self.escapedSize)
      bytes.append(contentsOf: text.extracting(offset..<end))
      offset = end + 1
      if text[end] == UInt8(ascii: "\"") {
        isWhole = true
        return bytes
      }
      try escape(text, into: &bytes)
      if bytes.count > RecordFormat.recordSizeLimit { throw RecordFault(.recordTooLong, at: start) }
    }
  }

  /// Resolves an escape behind its backslash.
  private mutating func escape(
    _ text: Span<UInt8>, into bytes: inout [UInt8]
  ) throws(RecordFault) {
    guard offset < text.count else { throw RecordFault(.unexpectedEnd, at: offset) }
    let byte = text[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"): bytes.append(contentsOf: String(try unicodeEscape(text)).utf8)
    default: throw RecordFault(.invalidEscape, at: offset - 2)
    }
  }

  /// Reads the digits of a `\u` escape, and the second escape of a surrogate pair.
  private mutating func unicodeEscape(_ text: Span<UInt8>) throws(RecordFault) -> Character {
    let start = offset - 2
    var value = try hexadecimal(text)
    if (0xD800..<0xDC00).contains(value) {
      guard offset + 1 < text.count, text[offset] == UInt8(ascii: "\\"),
        text[offset + 1] == UInt8(ascii: "u")
      else { throw RecordFault(.loneSurrogate, at: start) }
      offset += 2
      let low = try hexadecimal(text)
      guard (0xDC00..<0xE000).contains(low) else { throw RecordFault(.loneSurrogate, at: start) }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw RecordFault(.loneSurrogate, at: start) }
    return Character(scalar)
  }

  private mutating func hexadecimal(_ text: Span<UInt8>) throws(RecordFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard offset < text.count else { throw RecordFault(.unexpectedEnd, at: offset) }
      switch text[offset] {
      case let byte where (48...57).contains(byte): value = value << 4 + UInt32(byte - 48)
      case let byte where (65...70).contains(byte): value = value << 4 + UInt32(byte - 55)
      case let byte where (97...102).contains(byte): value = value << 4 + UInt32(byte - 87)
      default: throw RecordFault(.invalidEscape, at: offset)
      }
      offset += 1
    }
    return value
  }

  /// Reads a number by the grammar of RFC 8259, section 6; returns where its bytes are.
  mutating func number(_ text: Span<UInt8>) throws(RecordFault) -> Range<Int> {
    let start = offset
    func fault() -> RecordFault { RecordFault(.invalidNumber, at: start) }
    _ = consumeByte("-", text)
    if !consumeByte("0", text) { guard consumeDigits(text) else { throw fault() } }
    if consumeByte(".", text) { guard consumeDigits(text) else { throw fault() } }
    if consumeByte("e", text) || consumeByte("E", text) {
      _ = consumeByte("+", text) || consumeByte("-", text)
      guard consumeDigits(text) else { throw fault() }
    }
    return start..<offset
  }

  private mutating func consumeByte(_ scalar: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
    guard offset < text.count, text[offset] == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func consumeDigits(_ text: Span<UInt8>) -> Bool {
    let start = offset
    while offset < text.count, (48...57).contains(text[offset]) { offset += 1 }
    return offset > start
  }

  mutating func literal(_ word: StaticString, _ text: Span<UInt8>) throws(RecordFault) {
    let start = offset
    for scalar in word.description.unicodeScalars {
      guard consumeByte(scalar, text) else {
        throw RecordFault(.expected("a JSON value"), at: start)
      }
    }
  }
}
