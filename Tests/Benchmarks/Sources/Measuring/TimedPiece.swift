/// One contender's part of a round.
public struct TimedPiece {
  public let name: String
  let repeats: Int
  let burst: Int
  let run: () throws -> Void
  let settle: () throws -> Void

  /// Times `repeats` runs as one sample, which counts by the run: for work as short as the clock's own cost.
  /// `settle` is not timed; it is called after each sample, to leave the next contender a quiet machine. `burst` is the
  /// number of samples in a row: one alone would mostly tell how cold the others have left the processor's caches.
  public init(
    _ name: String, repeats: Int = 1, burst: Int = 1, settle: @escaping () throws -> Void = {},
    run: @escaping () throws -> Void
  ) {
    (self.name, self.repeats, self.burst) = (name, repeats, burst)
    (self.run, self.settle) = (run, settle)
  }

  /// How long a sample takes in all: the least of three where the first, which may be slow, took too long.
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
