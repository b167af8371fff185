/// Saves random users' tokens one after another for a while.
struct SavingLoop: Sendable {
  let size: Int
  /// Another one each time: a save of what is there already would write nothing.
  let seed: Int
  let time: Duration

  struct Result: Sendable {
    /// From the first save's begin to the last one's end.
    let elapsed: Duration
    /// How long each took, or waited in vain.
    let saves: [Duration]
    /// How many of them have waited in vain for others.
    let failures: Int

    /// Saves a second.
    var rate: Double { Double(saves.count - failures) / (elapsed / .seconds(1)) }
  }

  func run(_ storage: any TokenStorage) throws -> Result {
    var random = SeededGenerator(seed: seed)
    var (saves, failures): ([Duration], Int) = ([], 0)
    let start = ContinuousClock.now
    var now = start
    while now < start + time {
      let change = TokenChange.random(of: size, &random)
      let before = ContinuousClock.now
      do { try storage.save(change) } catch is LockTimeout { failures += 1 }
      now = .now
      saves.append(now - before)
    }
    return Result(elapsed: now - start, saves: saves, failures: failures)
  }
}
