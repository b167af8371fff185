/// What one contender has needed for one work at one size.
struct Row: Codable, Sendable {
  let work: String
  let contender: String
  let tokens: Int
  let unit: Unit
  let samples: Int
  let median: Double
  /// Absent for what is counted, not timed.
  let p99: Double?
  let p999: Double?
  let longest: Double?
  /// To the median of `ratioTo`, at the same work and size.
  private(set) var ratio: Double?
  private(set) var ratioTo: String?

  enum Unit: String, Codable, Sendable {
    case microseconds = "µs"
    case savesPerSecond = "saves/s"
    case bytes
  }

  func compared(to other: Row?) -> Row {
    var row = self
    guard let other, other.median > 0 else { return row }
    (row.ratio, row.ratioTo) = (median / other.median, other.contender)
    return row
  }
}
