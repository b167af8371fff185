import Measuring

extension Row {
  init(_ work: Work, _ contender: String, _ tokens: Int, _ samples: Samples) {
    self.init(
      work: work.rawValue, contender: contender, tokens: tokens, unit: .microseconds,
      samples: samples.count, median: samples.median.microseconds,
      p99: samples.percentile(0.99).microseconds, p999: samples.percentile(0.999).microseconds,
      longest: samples.longest.microseconds)
  }

  /// Of figures that are no times.
  init(_ work: Work, _ contender: String, _ tokens: Int, _ figures: [Double], _ unit: Unit) {
    let sorted = figures.sorted()
    self.init(
      work: work.rawValue, contender: contender, tokens: tokens, unit: unit,
      samples: sorted.count, median: sorted.isEmpty ? 0 : sorted[sorted.count / 2], p99: nil,
      p999: nil, longest: nil)
  }
}

extension [Row] {
  /// Each one's ratio to the row of this contender.
  func compared(to contender: String) -> [Row] {
    let other = first { $0.contender == contender }
    return map { $0.compared(to: other) }
  }
}
