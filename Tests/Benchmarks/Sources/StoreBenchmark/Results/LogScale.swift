import Glibc

/// Where a value lies on a logarithmic axis, in the image's units.
struct LogScale {
  let values: ClosedRange<Double>
  let start: Double
  let end: Double

  func place(_ value: Double) -> Double {
    let share = log(value / values.lowerBound) / log(values.upperBound / values.lowerBound)
    return start + (end - start) * share
  }

  /// The powers of ten on the axis.
  var decades: [Double] { Self.powers.filter(values.contains) }

  /// From the power of ten below to the one above.
  static func wholeDecades(_ least: Double, _ most: Double) -> ClosedRange<Double> {
    let (first, last) = (powers.last { $0 <= least }, powers.first { $0 > max(least, most) })
    return (first ?? 0.001)...(last ?? 1e9)
  }

  private static let powers = (-3...9).map { pow(10, Double($0)) }
}
