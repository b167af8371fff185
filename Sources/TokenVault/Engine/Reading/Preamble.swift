/// Parses the lines before the records, up to an empty one; each is a name, one blank, and a value.
///
/// By bytes: a vault may have thousands of log entries, and behind the lines are tokens.
struct Preamble {
  /// The start of the first line, with the next id.
  static let nextID = Array("next-id ".utf8)

  /// The offset of the next line, in bytes.
  private(set) var place = 0

  /// The next id, in the first line.
  mutating func nextID(in text: Span<UInt8>) throws(SnapshotFault) -> UInt64 {
    UInt64(try number(Self.nextID, 0...Int(TokenTable.counterLimit), in: text))
  }

  /// The value of the line that begins with `start`: a canonical decimal number.
  mutating func number(
    _ start: [UInt8], _ range: ClosedRange<Int>, in text: Span<UInt8>
  ) throws(SnapshotFault) -> Int {
    guard skip(start, in: text) else { throw .preamble }
    let first = place
    var number = 0
    while place < text.count, case let digit = Int(text[place]) - 48, (0...9).contains(digit),
      number <= range.upperBound
    {
      (number, place) = (10 * number + digit, place + 1)
    }
    let isCanonical = place - first == 1 || place > first && text[first] != UInt8(ascii: "0")
    guard isCanonical, range.contains(number), skip([0x0A], in: text) else { throw .preamble }
    return number
  }

  /// Passes over these bytes if they are next.
  mutating func skip(_ bytes: [UInt8], in text: Span<UInt8>) -> Bool {
    guard text.has(bytes.span, at: place) else { return false }
    place += bytes.count
    return true
  }
}
