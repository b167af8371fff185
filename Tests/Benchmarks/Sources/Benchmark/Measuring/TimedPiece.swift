/// One contender's part of a round.
struct TimedPiece {
  let name: String
  let burst: Int
  private let repeats: Int
  private let run: () throws -> Void
  private let settle: () throws -> Void

  /// - Parameters:
  ///   - repeats: Runs that are timed as one sample, for work as short as the clock's own cost.
  ///   - burst: Samples in a row: a single one would mostly measure caches that the other contenders have filled.
  ///   - settle: Called after each sample and not timed, to leave the next contender a quiet machine.
  init(
    _ name: String, repeats: Int = 1, burst: Int = 1, settle: @escaping () throws -> Void = {},
    run: @escaping () throws -> Void
  ) {
    (self.name, self.repeats, self.burst) = (name, repeats, burst)
    (self.run, self.settle) = (run, settle)
  }

  /// How long a sample takes in all: the least of three if the first, which may be slow, took too long.
  func warmUp(_ patience: Duration) throws -> Duration {
    let first = try sample() * repeats
    return first <= patience ? first : try min(first, sample() * repeats, sample() * repeats)
  }

  func sample() throws -> Duration {
    let time = try ContinuousClock().measure { for _ in 0..<repeats { try run() } }
    try settle()
    return time / repeats
  }
}
