import Dispatch

/// Saves random users' tokens one after another for a while, one at least.
final class SavingLoop: @unchecked Sendable {
  private let storage: any TokenStorage
  private let size: Int
  private var error: (any Error)?
  private(set) var saves: [Duration] = []
  /// Saves a second.
  private(set) var rate = 0.0

  init(_ storage: any TokenStorage, size: Int) { (self.storage, self.size) = (storage, size) }

  /// Runs several loops at once. Each has a queue of its own, and so a thread, however many of them block.
  static func race(_ loops: [SavingLoop], for time: Duration) throws {
    let group = DispatchGroup()
    for loop in loops {
      DispatchQueue(label: "saving").async(group: group) {
        do { try loop.run(for: time) } catch { loop.error = error }
      }
    }
    group.wait()
    for loop in loops { if let error = loop.error { throw error } }
  }

  func run(for time: Duration) throws {
    // Another seed each time: a save that changes nothing would write nothing.
    var random = SeededGenerator(seed: .random(in: 0...Int.max))
    saves = []
    let start = ContinuousClock.now
    var now = start
    repeat {
      let change = TokenChange.random(of: size, &random)
      let before = ContinuousClock.now
      try storage.save(change)
      now = .now
      saves.append(now - before)
    } while now < start + time
    rate = Double(saves.count) / ((now - start) / .seconds(1))
  }
}
