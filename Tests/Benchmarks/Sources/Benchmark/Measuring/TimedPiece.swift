/// One contender's part of a round.
final class TimedPiece {
  let name: String
  let burst: Int
  private let repeats: Int
  private let run: () throws -> Void
  private let settle: () throws -> Void
  private(set) var times: [Duration] = []
  /// What the device has done in all samples, while they were timed.
  private(set) var counts = DeviceCounters.Counts()

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

  /// How long a sample takes in all: the least of a few, for the first may be slow.
  func warmUp() throws -> Duration {
    try min(time(), time(), time(), time()) * repeats
  }

  func sample(_ device: DeviceCounters?) throws {
    let before = device?.counts()
    times.append(
      try time {
        guard let before, let after = device?.counts() else { return }
        counts.requests += after.requests - before.requests
        counts.flushes += after.flushes - before.flushes
      })
  }

  private func time(_ afterwards: () -> Void = {}) throws -> Duration {
    let time = try ContinuousClock().measure { for _ in 0..<repeats { try run() } }
    afterwards()
    try settle()
    return time / repeats
  }
}
