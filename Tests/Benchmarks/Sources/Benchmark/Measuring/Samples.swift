/// The times that one piece of work has taken.
struct Samples: Sendable {
  /// From the shortest to the longest.
  let sorted: [Duration]

  init(_ times: [Duration]) { sorted = times.sorted() }

  var count: Int { sorted.count }
  var median: Duration { percentile(0.5) }
  var longest: Duration { sorted.last ?? .zero }

  /// The time that this share of the samples does not exceed; zero without samples.
  func percentile(_ share: Double) -> Duration {
    if sorted.isEmpty { return .zero }
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}

extension Duration {
  var microseconds: Double { self / .microseconds(1) }
}
