import FoundationEssentials
import Glibc

/// A run of one work at one size, in the current directory.
struct Run {
  let size: Int
  let isQuick: Bool
  /// The built command, or the kind of store that a saving process opens.
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

  /// Times the pieces in turn, and prints a row for each; a quick run has a fifth of the rounds, and a quarter of the
  /// time.
  func measure(
    _ pieces: [TimedPiece], rounds: Int, seconds: Double = 3600,
    patience: Duration = .seconds(3600)
  ) throws {
    let samples = try Interleaved(pieces: pieces).samples(
      rounds: isQuick ? max(3, rounds / 5) : rounds,
      within: .seconds(isQuick ? seconds / 4 : seconds), patience: patience)
    for (piece, samples) in zip(pieces, samples) { try report(piece.name, samples) }
  }

  func report(_ contender: String, _ samples: Samples) throws {
    let row = Row(
      contender: contender, unit: "µs", samples: samples.count,
      median: samples.median.microseconds, p99: samples.percentile(0.99).microseconds,
      p999: samples.percentile(0.999).microseconds, longest: samples.longest.microseconds)
    if samples.count > 0 { try say(row) }
  }

  /// Reports figures that are not times: their median.
  func report(_ contender: String, _ figures: [Double], unit: String) throws {
    let median = figures.sorted()[figures.count / 2]
    try say(Row(contender: contender, unit: unit, samples: figures.count, median: median))
  }

  private func say(_ row: Row) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    try say(String(decoding: encoder.encode(row), as: UTF8.self))
  }

  func say(_ line: String) throws { try SystemCall.write(Array("\(line)\n".utf8), to: 1) }

  /// Tells the driver that everything is open, and waits for its line.
  func awaitStart() throws {
    try say("ready")
    _ = readLine()
  }
}
