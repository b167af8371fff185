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
    let end = ContinuousClock.now + time
    for loop in loops {
      DispatchQueue(label: "saving").async(group: group) {
        do { try loop.run { .now < end } } catch { loop.error = error }
      }
    }
    group.wait()
    for loop in loops { if let error = loop.error { throw error } }
  }

  func run(count: Int = 1) throws { try run { saves.count < count } }

  /// - Parameter goesOn: Asked after each save, and not timed.
  func run(while goesOn: () -> Bool) throws {
    // Another seed each time: a save that changes nothing would write nothing.
    var random = SeededGenerator(seed: .random(in: 0...Int.max))
    saves = []
    let start = ContinuousClock.now
    repeat {
      let change = TokenChange.random(of: size, &random)
      saves.append(try ContinuousClock().measure { try storage.save(change) })
    } while goesOn()
    rate = Double(saves.count) / ((ContinuousClock.now - start) / .seconds(1))
  }
}
