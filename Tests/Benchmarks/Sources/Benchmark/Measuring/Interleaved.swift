/// Times several pieces of work against each other: one run of each in turn, so that other load on the machine disturbs
/// all alike.
struct Interleaved {
  let pieces: [TimedPiece]

  /// The times of up to `rounds` runs after the warm-up, for no longer than `limit`.
  ///
  /// A piece that takes more than `patience` skips rounds, so that it takes no more than that of each on average: the
  /// slowest piece would otherwise leave too few samples of the others.
  func times(rounds: Int, within limit: Duration, patience: Duration) throws -> [[Duration]] {
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
    return times
  }
}
