/// A moment that RFC 3339 can express: in the years 0000 to 9999, by milliseconds, without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970 in UTC; negative before.
  public let millisecondsSince1970: Int64

  static let limits: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// The moment; nil outside the years 0000 to 9999.
  public init?(millisecondsSince1970: Int64) {
    guard Self.limits.contains(millisecondsSince1970) else { return nil }
    self.millisecondsSince1970 = millisecondsSince1970
  }

  init(unchecked milliseconds: Int64) { millisecondsSince1970 = milliseconds }

  /// The moment this many seconds later; nil outside the years 0000 to 9999.
  public func adding(seconds: Int64) -> Timestamp? {
    let (added, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let (sum, overflow2) = millisecondsSince1970.addingReportingOverflow(added)
    return overflow || overflow2 ? nil : Timestamp(millisecondsSince1970: sum)
  }

  /// The milliseconds from another moment to this one; negative if this one is earlier.
  package func milliseconds(since other: Timestamp) -> Int64 {
    // No overflow: both lie within ten thousand years.
    millisecondsSince1970 - other.millisecondsSince1970
  }

  /// Earlier before later.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSince1970 < right.millisecondsSince1970
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.000Z`.
  public var description: String {
    let text = [UInt8](capacity: Self.textSize) { append(to: &$0) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The number of bytes in ``description``.
  static let textSize = 24

  /// Appends ``description``, which must fit.
  func append(to text: inout OutputSpan<UInt8>) {
    let (day, millisecond) = millisecondsSince1970.flooredQuotient(by: 86_400_000)
    let date = CivilDate(daysSince1970: day)
    func put(_ value: Int64, _ digits: Int, _ end: Unicode.Scalar, _ text: inout OutputSpan<UInt8>)
    {
      var scale: Int64 = digits == 4 ? 1000 : digits == 3 ? 100 : 10
      while scale > 0 {
        text.append(UInt8(truncatingIfNeeded: 48 + value / scale % 10))
        scale /= 10
      }
      text.append(UInt8(ascii: end))
    }
    put(date.year, 4, "-", &text)
    put(date.month, 2, "-", &text)
    put(date.day, 2, "T", &text)
    put(millisecond / 3_600_000, 2, ":", &text)
    put(millisecond / 60_000 % 60, 2, ":", &text)
    put(millisecond / 1000 % 60, 2, ".", &text)
    put(millisecond % 1000, 3, "Z", &text)
  }

  /// Whether a text is exactly what ``description`` returns for its moment.
  package static func isCanonical(_ text: String) -> Bool {
    Timestamp(canonical: text.utf8.span) != nil
  }

  /// Reads exactly what ``description`` returns.
  package init?(canonical bytes: Span<UInt8>) {
    guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[19] == UInt8(ascii: "."),
      bytes[23] == UInt8(ascii: "Z"), bytes[17] < UInt8(ascii: "6"), let moment = Timestamp(bytes)
    else { return nil }
    self = moment
  }

  /// Reads RFC 3339 (section 5.6): any offset, any fraction (truncated to milliseconds), `T` and `Z` in either case.
  /// Nil for anything else, and for dates that do not exist.
  public init?(_ text: String) { self.init(text.utf8.span) }

  /// As `init(_:)`, for the UTF-8 bytes of a text.
  init?(_ bytes: Span<UInt8>) {
    var reader = DigitReader()
    guard let year = reader.number(4, bytes), reader.consume("-", bytes),
      let month = reader.number(2, bytes), reader.consume("-", bytes),
      let day = reader.number(2, bytes), reader.consume("T", bytes) || reader.consume("t", bytes),
      let hour = reader.number(2, bytes), reader.consume(":", bytes),
      let minute = reader.number(2, bytes), reader.consume(":", bytes),
      let second = reader.number(2, bytes), let fraction = reader.fraction(bytes),
      let offset = reader.offset(bytes), reader.isAtEnd(bytes),
      let date = CivilDate(year: year, month: month, day: day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let seconds =
      date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
    self.init(millisecondsSince1970: seconds * 1000 + fraction)
  }
}
