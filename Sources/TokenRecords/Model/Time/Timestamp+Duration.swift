extension Timestamp {
  /// The moment this much later, by whole milliseconds, rounded down; the first or last moment of the years 0000 to 9999
  /// if it is beyond them.
  public static func + (moment: Timestamp, time: Duration) -> Timestamp {
    let (seconds, attoseconds) = time.components
    // No overflow: limited to more than ten thousand years, and less than a second.
    let whole = min(max(seconds, -1 << 40), 1 << 40) * 1000
    let rest = attoseconds.flooredQuotient(by: 1_000_000_000_000_000).quotient
    let sum = moment.millisecondsSince1970 + whole + rest
    return Timestamp(unchecked: min(max(sum, limits.lowerBound), limits.upperBound))
  }
}
