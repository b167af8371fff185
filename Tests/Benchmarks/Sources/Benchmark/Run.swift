import FoundationEssentials
import Glibc

/// A run of one work at one size, in the current directory.
struct Run {
  let size: Int
  let isQuick: Bool
  /// The kind of store that a saving process opens, or the number of bytes to seal.
  let operand: String?

  /// The stores of these kinds, if they are installed.
  func stores(_ kinds: [StoreKind] = StoreKind.allCases) throws -> [Store] {
    try kinds.filter(\.isInstalled).map(store)
  }

  /// A store that the works share, made by the first of them.
  func store(_ kind: StoreKind) throws -> Store {
    let store = Store(kind: kind, path: "\(kind.rawValue)-\(size)", size: size)
    if access(store.path, F_OK) != 0 { try store.fill() }
    return store
  }

  func vault() throws -> Store { try store(.tokenVault) }

  /// Times several pieces of work, one run of each in turn, so that other load on the machine disturbs all alike.
  ///
  /// A piece that takes more than `patience` skips rounds, so that it takes no more than that of each on average: the
  /// slowest piece would otherwise leave too few samples of the others. A quick run has a fifth of the rounds, and a
  /// quarter of the time.
  func measure(
    _ pieces: [TimedPiece], rounds: Int, seconds: Double = 3600,
    patience: Duration = .seconds(3600)
  ) throws {
    let periods = try pieces.map { piece in
      max(1, Int((try piece.warmUp(patience) / patience).rounded(.up)))
    }
    var times = pieces.map { _ in [Duration]() }
    let end = ContinuousClock.now + .seconds(isQuick ? seconds / 4 : seconds)
    for round in 0..<(isQuick ? max(3, rounds / 5) : rounds)
    where round == 0 || ContinuousClock.now < end {
      for (index, piece) in pieces.enumerated() where round % periods[index] == 0 {
        for _ in 0..<piece.burst { times[index].append(try piece.sample()) }
      }
    }
    for (piece, times) in zip(pieces, times) { try report(piece.name, times) }
  }

  func report(_ contender: String, _ times: [Duration]) throws {
    try report(contender, times.map { $0 / .microseconds(1) }, unit: "µs")
  }

  func report(_ contender: String, _ figures: [Double], unit: String) throws {
    if figures.isEmpty { return }
    let figures = Figures(contender: contender, unit: unit, figures: figures)
    try say(String(decoding: JSONEncoder().encode(figures), as: UTF8.self))
  }

  private func say(_ line: String) throws { try SystemCall.write(Array("\(line)\n".utf8), to: 1) }

  /// Tells the driver that everything is open.
  func sayReady() throws { try say("ready") }
}
