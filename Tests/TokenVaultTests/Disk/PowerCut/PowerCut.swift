/// How much of what was not synchronized a power cut leaves on the disk.
struct PowerCut: Sendable, CustomStringConvertible {
  /// What becomes of content that may survive or not.
  enum Survival: Sendable {
    case none, all, some

    /// The state of one thing after the cut, of those that it has had, the oldest first.
    func choice<State>(
      of states: [State], _ generator: inout some RandomNumberGenerator
    ) -> State {
      switch self {
      case .none: states[0]
      case .all: states[states.count - 1]
      case .some: states[Int.random(in: states.indices, using: &generator)]
      }
    }
  }

  /// Which changes of the names in each directory survive.
  enum Names: Sendable, CaseIterable {
    case none, all
    /// Those before a moment, as by a journal, which ext4 has.
    case first
    /// The last one, and none before it: POSIX promises no order.
    case last
    /// Any, for the same reason.
    case some

    func choice<Change>(
      of changes: [Change], _ generator: inout some RandomNumberGenerator
    ) -> [Change] {
      switch self {
      case .none: []
      case .all: changes
      case .first: Array(changes.prefix(Int.random(in: 0...changes.count, using: &generator)))
      case .last: changes.suffix(1)
      case .some: changes.filter { _ in Bool.random(using: &generator) }
      }
    }
  }

  let data: Survival
  let names: Names
  let seed: UInt64

  var description: String { "content \(data), names \(names), seed \(seed)" }

  /// The extremes, and so many random ones.
  static func samples(_ count: Int, from seed: UInt64) -> [PowerCut] {
    let extremes = [Survival.none, .all].flatMap { data in
      [Names.none, .all, .last].map { PowerCut(data: data, names: $0, seed: 0) }
    }
    return extremes
      + (0..<UInt64(count)).map { number in
        PowerCut(
          data: .some, names: number.isMultiple(of: 2) ? .some : .first,
          seed: seed &* 1000 &+ number)
      }
  }
}
