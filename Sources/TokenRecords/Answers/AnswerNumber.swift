/// A decimal number, perhaps with a fraction or an exponent (RFC 8259, section 6), read without rounding.
struct AnswerNumber {
  /// The number of digits before the point, without leading zeros.
  private let wholeDigits: Int
  /// A thousand times the number, truncated; ±10^18 if it is beyond that.
  private let thousandths: Int64

  private static let limit: Int64 = 1_000_000_000_000_000_000
  /// The longest text that is read as a number, in bytes.
  private static let sizeLimit = 400

  /// Nil for any text but a number.
  init?(_ text: Span<UInt8>) {
    guard text.count <= Self.sizeLimit else { return nil }
    var reader = DigitReader()
    let isNegative = reader.consume("-", text)
    if !isNegative { _ = reader.consume("+", text) }
    var digits = reader.digits(text)
    var point = digits.count
    if reader.consume(".", text) { digits += reader.digits(text) }
    guard !digits.isEmpty, let exponent = Self.exponent(&reader, text), reader.isAtEnd(text) else {
      return nil
    }
    let zeros = digits.prefix { $0 == 0 }.count
    point += exponent - zeros
    let significant = digits.dropFirst(zeros)
    wholeDigits = significant.isEmpty ? 0 : max(0, point)
    let size = Self.whole(significant, point + 3)
    thousandths = isNegative ? -size : size
  }

  /// The exponent; 0 without one, nil for an `e` without digits.
  private static func exponent(_ reader: inout DigitReader, _ text: Span<UInt8>) -> Int? {
    guard reader.consume("e", text) || reader.consume("E", text) else { return 0 }
    let isNegative = reader.consume("-", text)
    if !isNegative { _ = reader.consume("+", text) }
    let digits = reader.digits(text)
    let size = digits.reduce(0) { min($0 * 10 + Int($1), 10_000) }
    return digits.isEmpty ? nil : isNegative ? -size : size
  }

  /// The number that the first `count` digits make, with zeros behind those that there are.
  private static func whole(_ digits: ArraySlice<Int64>, _ count: Int) -> Int64 {
    if digits.isEmpty || count <= 0 { return 0 }
    guard count <= 18 else { return limit }
    let zeros = repeatElement(Int64(0), count: max(0, count - digits.count))
    return (digits.prefix(count) + zeros).reduce(0) { $0 * 10 + $1 }
  }

  /// The number as seconds, truncated.
  var seconds: Int64 { thousandths / 1000 }

  /// The moment, if the number is seconds (10 digits) or milliseconds (13 digits) since 1970.
  var moment: Timestamp? {
    switch wholeDigits {
    case 10 where thousandths > 0: Timestamp(millisecondsSince1970: thousandths)
    case 13 where thousandths > 0: Timestamp(millisecondsSince1970: thousandths / 1000)
    default: nil
    }
  }
}
