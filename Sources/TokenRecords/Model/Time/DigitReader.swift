/// Reads the elements of a time or a number one after another.
struct DigitReader {
  private var place = 0

  func isAtEnd(_ text: Span<UInt8>) -> Bool { place == text.count }

  mutating func consume(_ scalar: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
    guard place < text.count, text[place] == UInt8(ascii: scalar) else { return false }
    place += 1
    return true
  }

  private mutating func digit(_ text: Span<UInt8>) -> Int64? {
    guard place < text.count, (48...57).contains(text[place]) else { return nil }
    defer { place += 1 }
    return Int64(text[place]) - 48
  }

  /// All digits at the reader's place.
  mutating func digits(_ text: Span<UInt8>) -> [Int64] {
    var digits: [Int64] = []
    while let next = digit(text) { digits.append(next) }
    return digits
  }

  mutating func number(_ digits: Int, _ text: Span<UInt8>) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let next = digit(text) else { return nil }
      value = value * 10 + next
    }
    return value
  }

  /// Milliseconds; 0 without a fraction.
  mutating func fraction(_ text: Span<UInt8>) -> Int64? {
    guard consume(".", text) else { return 0 }
    guard let first = digit(text) else { return nil }
    var value = first * 100
    for scale in 1...2 {
      guard let next = digit(text) else { return value }
      value += next * (scale == 1 ? 10 : 1)
    }
    while digit(text) != nil {}
    return value
  }

  /// Minutes east of UTC.
  mutating func offset(_ text: Span<UInt8>) -> Int64? {
    if consume("Z", text) || consume("z", text) { return 0 }
    let east = consume("+", text)
    guard east || consume("-", text), let hours = number(2, text), consume(":", text),
      let minutes = number(2, text), hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (east ? 1 : -1)
  }
}
