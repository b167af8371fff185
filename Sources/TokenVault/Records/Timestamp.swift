/// A moment that RFC 3339 can write: milliseconds since 1970-01-01T00:00:00Z, without leap seconds,
/// in the years 0000 to 9999.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970 in UTC; negative before.
  public let millisecondsSince1970: Int64

  static let limits: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// The moment, or nil outside the years 0000 to 9999.
  public init?(millisecondsSince1970: Int64) {
    guard Self.limits.contains(millisecondsSince1970) else { return nil }
    self.millisecondsSince1970 = millisecondsSince1970
  }

  /// The moment this many seconds later, or nil outside the years 0000 to 9999.
  public func adding(seconds: Int64) -> Timestamp? {
    let (added, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let (sum, overflow2) = millisecondsSince1970.addingReportingOverflow(added)
    return overflow || overflow2 ? nil : Timestamp(millisecondsSince1970: sum)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSince1970 < right.millisecondsSince1970
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.000Z`.
  public var description: String {
    let (day, millisecond) = millisecondsSince1970.flooredQuotient(by: 86_400_000)
    let date = CivilDate(daysSince1970: day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func put(_ value: Int64, _ digits: Int, _ end: Unicode.Scalar) {
      let start = text.count
      var rest = value
      for _ in 0..<digits {
        text.insert(UInt8(truncatingIfNeeded: 48 + rest % 10), at: start)
        rest /= 10
      }
      text.append(UInt8(ascii: end))
    }
    put(date.year, 4, "-")
    put(date.month, 2, "-")
    put(date.day, 2, "T")
    put(millisecond / 3_600_000, 2, ":")
    put(millisecond / 60_000 % 60, 2, ":")
    put(millisecond / 1000 % 60, 2, ".")
    put(millisecond % 1000, 3, "Z")
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads RFC 3339 (section 5.6): any offset, any fraction (cut to milliseconds), `T` and `Z` in
  /// either case. Nil for anything else, dates that do not exist among them.
  public init?(_ text: String) {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let day = reader.number(2), reader.take("T") || reader.take("t"),
      let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
      reader.take(":"), let second = reader.number(2),
      let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd,
      let date = CivilDate(year: year, month: month, day: day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
    self.init(millisecondsSince1970: seconds * 1000 + fraction)
  }
}

/// Reads the fixed fields of an RFC 3339 text.
private struct DigitReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: scalar) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func digit() -> Int64? {
    guard let byte = rest.first, (48...57).contains(byte) else { return nil }
    rest.removeFirst()
    return Int64(byte) - 48
  }

  mutating func number(_ digits: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let next = digit() else { return nil }
      value = value * 10 + next
    }
    return value
  }

  /// Milliseconds; 0 where there is no fraction.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    guard let first = digit() else { return nil }
    var value = first * 100
    for scale: Int64 in [10, 1] {
      guard let next = digit() else { return value }
      value += next * scale
    }
    while digit() != nil {}
    return value
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let east = take("+")
    guard east || take("-"), let hours = number(2), take(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (east ? 1 : -1)
  }
}
