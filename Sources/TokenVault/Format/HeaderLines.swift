internal import VaultCrypto

/// A word of a header's line, in bytes: strings would take many times longer, and each opening of a vault parses a header.
typealias HeaderWord = ArraySlice<UInt8>

/// The lines of a header and the digest at their end, not parsed yet.
struct HeaderLines {
  /// The lines before the end line, each without its LF.
  let lines: [HeaderWord]
  /// Bytes, the end line included.
  let size: Int
  private let digest: [UInt8]
  private let digestedSize: Int

  private static let endName = Array("end ".utf8)
  private static let usualCount = 10

  /// Nil if the file ends before the header does, or that goes on past the limit.
  init?(_ file: Span<UInt8>) {
    let limit = min(file.count, VaultHeader.sizeLimit)
    var (places, lineStart) = ([Int](), 0)
    places.reserveCapacity(Self.usualCount)
    while !file.has(Self.endName.span, at: lineStart) {
      places.append(lineStart)
      guard let end = Self.lineEnd(file, from: lineStart, limit) else { return nil }
      lineStart = end + 1
    }
    guard let end = Self.lineEnd(file, from: lineStart, limit),
      let digest = Hexadecimal.decode(
        file.extracting(lineStart + Self.endName.count..<end), count: 32)
    else { return nil }
    (self.digest, size, digestedSize) = (digest, end + 1, lineStart)
    let bytes = file.extracting(..<lineStart).array
    let ends = places.dropFirst() + [lineStart]
    lines = zip(places, ends).map { bytes[$0..<$1 - 1] }
  }

  private static func lineEnd(_ file: Span<UInt8>, from start: Int, _ limit: Int) -> Int? {
    var end = start
    while end < limit {
      if file[end] == 0x0A { return end }
      end += 1
    }
    return nil
  }

  func hasRightDigest(_ file: Span<UInt8>) throws(FormatError) -> Bool {
    do { return try Digest.sha256(file.extracting(0..<digestedSize)) == digest } catch {
      throw .crypto(error)
    }
  }
}

/// The lines of a header after the first, read one after another.
struct HeaderReader {
  private let lines: [HeaderWord]
  /// The index of the line that was read last.
  private var index = 0

  init(_ lines: [HeaderWord]) { self.lines = lines }

  var isAtEnd: Bool { index + 1 >= lines.count }
  /// The error for the line that was read last.
  var error: FormatError { .header(line: index + 1) }

  /// The words of the next line, which begins with this name, behind that.
  mutating func line(_ name: String, _ count: Int) throws(FormatError) -> [HeaderWord] {
    try line(name, count...count)
  }

  mutating func line(
    _ name: String, _ counts: ClosedRange<Int>
  ) throws(FormatError) -> [HeaderWord] {
    index += 1
    guard lines.indices.contains(index) else { throw error }
    var words = lines[index].parts(between: " ")
    guard counts.contains(words.count - 1), words[0].isText(name) else { throw error }
    words.removeFirst()
    return words
  }

  func number(
    _ word: HeaderWord, _ range: ClosedRange<UInt64>
  ) throws(FormatError) -> UInt64 {
    guard let value = word.number, range.contains(value) else { throw error }
    return value
  }
}

extension HeaderWord {
  /// The parts between single bytes with an ASCII value, empty ones too.
  func parts(between separator: Unicode.Scalar) -> [HeaderWord] {
    let separator = UInt8(ascii: separator)
    var (parts, start) = ([HeaderWord](), startIndex)
    parts.reserveCapacity(KeySlot.wordCount + 1)
    for index in indices where self[index] == separator {
      parts.append(self[start..<index])
      start = index + 1
    }
    parts.append(self[start...])
    return parts
  }

  /// Whether these are the bytes of a text.
  func isText(_ text: String) -> Bool {
    text.utf8.count == count && text.utf8.span.has(span, at: 0)
  }

  /// The time, in RFC 3339 in UTC with milliseconds; nil for any other form.
  var time: Timestamp? { Timestamp(canonical: span) }

  /// The text.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The number that these digits are; nil for anything else, leading zeros, and more than 18 digits.
  var number: UInt64? {
    guard (1...18).contains(count), count == 1 || first != UInt8(ascii: "0") else { return nil }
    var number: UInt64 = 0
    for byte in self {
      guard (48...57).contains(byte) else { return nil }
      number = number * 10 + UInt64(byte - 48)
    }
    return number
  }
}
