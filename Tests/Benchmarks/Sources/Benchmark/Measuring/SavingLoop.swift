/// Saves random users' tokens one after another for a while, one at least.
struct SavingLoop: Sendable {
  let size: Int
  let time: Duration

  struct Result: Sendable {
    /// Saves a second.
    let rate: Double
    /// How long each took, with those that timed out.
    let saves: [Duration]
  }

  func run(_ storage: any TokenStorage) throws -> Result {
    // Another seed each time: a save that changes nothing would write nothing.
    var random = SeededGenerator(seed: .random(in: 0...Int.max))
    var (saves, failures): ([Duration], Int) = ([], 0)
    let start = ContinuousClock.now
    var now = start
    repeat {
      let change = TokenChange.random(of: size, &random)
      let before = ContinuousClock.now
      do { try storage.save(change) } catch is LockTimeout { failures += 1 }
      now = .now
      saves.append(now - before)
    } while now < start + time
    let count = Double(saves.count - failures)
    return Result(rate: count / ((now - start) / .seconds(1)), saves: saves)
  }
}
