/// Times several pieces of work against each other: one run of each in turn, so that whatever else the
/// machine does disturbs all alike.
public struct Interleaved {
  private let work: [(name: String, run: () throws -> Void)]

  public init(_ work: [(name: String, run: () throws -> Void)]) { self.work = work }

  /// The medians of `rounds` runs after one that does not count.
  public func medians(rounds: Int) throws -> [(name: String, time: Duration)] {
    var times = work.map { _ in [Duration]() }
    for round in 0...rounds {
      for (index, piece) in work.enumerated() {
        let time = try ContinuousClock().measure(piece.run)
        if round > 0 { times[index].append(time) }
      }
    }
    return zip(work, times).map { ($0.name, $1.sorted()[rounds / 2]) }
  }

  /// Prints the medians, and each one's ratio to the first.
  public func report(rounds: Int) throws {
    let results = try medians(rounds: rounds)
    for (name, time) in results {
      let ratio = time / results[0].time
      print("\(name): \(time), \((ratio * 100).rounded() / 100) x \(results[0].name)")
    }
  }
}
