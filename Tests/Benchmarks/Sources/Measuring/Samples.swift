/// The times that one piece of work has taken.
public struct Samples: Sendable {
  /// From the shortest to the longest.
  public let sorted: [Duration]

  public init(_ times: [Duration]) { sorted = times.sorted() }

  public var count: Int { sorted.count }
  public var median: Duration { percentile(0.5) }
  public var longest: Duration { sorted.last ?? .zero }

  /// The time that this share of the samples stays at or below; zero where there are none.
  public func percentile(_ share: Double) -> Duration {
    if sorted.isEmpty { return .zero }
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}

extension Duration {
  /// In microseconds, for figures that are printed and compared.
  public var microseconds: Double { self / .microseconds(1) }
}
