import FoundationEssentials
import Glibc

/// A run of one work at one size, in the current directory.
struct Run {
  let size: Int
  let isQuick: Bool
  /// The kind of store that a saving process opens.
  let operand: String?

  /// How many entries a long log has: 10,000 unless the vault is so small that it would be compacted before.
  var logLength: Int { min(10_000, size / 2) }

  /// The stores of these kinds, if they are installed.
  func stores(_ kinds: [StoreKind] = StoreKind.allCases) throws -> [Store] {
    try kinds.filter(\.isInstalled).map { try store($0) }
  }

  /// A store that the works share, made by the first of them.
  func store(_ kind: StoreKind, _ name: String? = nil, log: Int = 0) throws -> Store {
    let store = Store(kind: kind, path: "\(name ?? kind.rawValue)-\(size)", size: size)
    if access(store.path, F_OK) != 0 {
      try store.fill()
      try store.save(log)
    }
    return store
  }

  func vault() throws -> Store { try store(.tokenVault) }

  /// A vault of its own, with a log behind its snapshot.
  func vaultWithLog() throws -> Store { try store(.tokenVault, "log", log: logLength) }

  /// Names the contenders whose libraries are missing.
  func sayMissing() throws {
    for kind in StoreKind.allCases where !kind.isInstalled { try say(kind.name) }
  }

  /// Times several pieces of work, one run of each in turn, so that other load on the machine disturbs all alike.
  ///
  /// A piece that takes more than `patience` skips rounds, so that it takes no more than that of each on average: the
  /// slowest piece would otherwise leave too few samples of the others. A quick run has a fifth of the rounds, and a
  /// quarter of the time.
  ///
  /// - Parameter device: Counts the requests and flushes of each piece.
  func measure(
    _ pieces: [TimedPiece], rounds: Int, seconds: Double = 3600,
    patience: Duration = .seconds(3600), on device: DeviceCounters? = nil
  ) throws {
    let periods = try pieces.map { max(1, Int((try $0.warmUp() / patience).rounded(.up))) }
    let end = ContinuousClock.now + .seconds(isQuick ? seconds / 4 : seconds)
    for round in 0..<(isQuick ? max(3, rounds / 5) : rounds)
    where round == 0 || ContinuousClock.now < end {
      for (piece, period) in zip(pieces, periods) where round % period == 0 {
        for _ in 0..<piece.burst { try piece.sample(device) }
      }
    }
    for piece in pieces { try report(piece.name, piece.times, device.map { _ in piece.counts }) }
  }

  func report(
    _ contender: String, _ times: [Duration], _ counts: DeviceCounters.Counts? = nil
  ) throws {
    let each = { (count: Int) in Double(count) / Double(times.count) }
    try report(
      Figures(
        contender: contender, unit: "µs", figures: times.map { $0 / .microseconds(1) },
        requests: (counts?.requests).map(each), flushes: (counts?.flushes).map(each)))
  }

  func report(_ figures: Figures) throws {
    if figures.figures.isEmpty { return }
    try say(String(decoding: JSONEncoder().encode(figures), as: UTF8.self))
  }

  private func say(_ line: String) throws { try SystemCall.write(Array("\(line)\n".utf8), to: 1) }

  /// Tells the driver that everything is open, and waits for its line.
  func awaitStart() throws {
    try say("ready")
    _ = readLine()
  }

  /// Whether the driver has not yet closed the input.
  func goesOn() -> Bool {
    var state = pollfd(fd: 0, events: 0, revents: 0)
    return poll(&state, 1, 0) == 0
  }
}
