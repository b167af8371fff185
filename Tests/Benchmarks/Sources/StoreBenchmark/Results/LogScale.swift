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
  var decades: [Double] {
    (-3...9).map { pow(10, Double($0)) }.filter(values.contains)
  }
}
