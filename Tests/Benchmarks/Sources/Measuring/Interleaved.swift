/// Times several pieces of work against each other: one run of each in turn, so that whatever else the
/// machine does disturbs all alike.
public struct Interleaved {
  private let pieces: [TimedPiece]

  public init(_ pieces: [TimedPiece]) { self.pieces = pieces }

  public init(_ work: [(name: String, run: () throws -> Void)]) {
    pieces = work.map { TimedPiece($0.name, run: $0.run) }
  }

  /// The times of up to `rounds` runs after those that do not count, for no longer than `limit`.
  ///
  /// A piece that takes more than `patience` is left out of so many rounds that it takes no more than that of each
  /// in the mean: else the slowest would leave too few samples of the others.
  public func samples(
    rounds: Int, within limit: Duration = .seconds(3600), patience: Duration = .seconds(3600)
  ) throws -> [(name: String, samples: Samples)] {
    let periods = try pieces.map { piece in
      max(1, Int((try piece.warmUp(patience) / patience).rounded(.up)))
    }
    var times = pieces.map { _ in [Duration]() }
    let end = ContinuousClock.now + limit
    for round in 0..<rounds where round == 0 || ContinuousClock.now < end {
      for (index, piece) in pieces.enumerated() where round % periods[index] == 0 {
        for _ in 0..<piece.burst { times[index].append(try piece.sample()) }
      }
    }
    return zip(pieces, times).map { ($0.name, Samples($1)) }
  }

  /// Prints the medians, and each one's ratio to the first.
  public func report(rounds: Int) throws {
    let results = try samples(rounds: rounds).map { (name: $0.name, time: $0.samples.median) }
    for (name, time) in results {
      let ratio = time / results[0].time
      print("\(name): \(time), \((ratio * 100).rounded() / 100) x \(results[0].name)")
    }
  }
}
