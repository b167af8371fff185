/// Saves random users' tokens one after another for a while.
struct SavingLoop: Sendable {
  let size: Int
  /// Another one each time: a save of what is there already would write nothing.
  let seed: Int
  let time: Duration

  struct Result: Sendable {
    /// From the first save's begin to the last one's end.
    let elapsed: Duration
    /// How long each took.
    let saves: [Duration]

    /// Saves a second.
    var rate: Double { Double(saves.count) / (elapsed / .seconds(1)) }
  }

  func run(_ storage: any TokenStorage) throws -> Result {
    var random = SeededGenerator(seed: seed)
    var saves: [Duration] = []
    let start = ContinuousClock.now
    var now = start
    while now < start + time {
      let change = TokenChange.random(of: size, &random)
      let before = ContinuousClock.now
      try storage.save(change)
      now = .now
      saves.append(now - before)
    }
    return Result(elapsed: now - start, saves: saves)
  }
}
