/// What a figure must reach.
struct Bar: Codable, Sendable {
  let name: String
  let limit: String
  let figure: String
  /// Absent where what it takes was not measured.
  let isReached: Bool?

  var verdict: String { isReached.map { $0 ? "reached" : "missed" } ?? "not measured" }

  /// A ratio that may be no more than `most`.
  init(_ name: String, _ limit: String, _ value: Double?, by other: Double?, atMost most: Double) {
    let ratio = value.flatMap { value in other.map { value / $0 } }
    self.init(name, limit, ratio.map(FigureText.ratio), ratio.map { $0 <= most })
  }

  /// A ratio that must be at least `least`.
  init(_ name: String, _ limit: String, _ value: Double?, by other: Double?, atLeast least: Double)
  {
    let ratio = value.flatMap { value in other.map { value / $0 } }
    self.init(name, limit, ratio.map(FigureText.ratio), ratio.map { $0 >= least })
  }

  init(_ name: String, _ limit: String, _ figure: String?, _ isReached: Bool?) {
    (self.name, self.limit, self.figure) = (name, limit, figure ?? "")
    self.isReached = isReached
  }
}
