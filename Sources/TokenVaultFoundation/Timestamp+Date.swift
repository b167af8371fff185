public import TokenRecords

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension Timestamp {
  /// The moment of a date, by whole milliseconds, rounded to the nearest; nil outside the years 0000 to 9999.
  public init?(_ date: Date) {
    guard let milliseconds = Int64(exactly: (date.timeIntervalSince1970 * 1000).rounded()) else {
      return nil
    }
    self.init(millisecondsSince1970: milliseconds)
  }
}

extension Date {
  /// The moment as a date. A ``Timestamp`` that becomes a date, and this a timestamp again, is the same.
  public init(_ moment: Timestamp) {
    self.init(timeIntervalSince1970: Double(moment.millisecondsSince1970) / 1000)
  }
}
