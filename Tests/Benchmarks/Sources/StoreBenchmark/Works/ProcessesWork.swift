import Measuring

/// Saves a second of one process and of four, and how long one of them waits.
struct ProcessesWork {
  let suite: Suite

  static let count = 4

  static func name(_ store: String, _ processes: Int) -> String {
    "\(store), \(processes) \(processes == 1 ? "process" : "processes")"
  }

  func measure() throws -> [Row] {
    let largest = suite.largest
    return try suite.options.sizes.filter { $0 == 1000 || $0 == largest }.flatMap(measure)
  }

  private func measure(_ size: Int) throws -> [Row] {
    var race = RateRace(work: .processes, tokens: size)
    for store in try suite.stores.all([.tokenVault, .sqliteWAL], size: size) {
      for count in [1, Self.count] {
        race.add(Self.name(store.name, count)) { try run(store, count) }
      }
    }
    try race.run(rounds: suite.options.isQuick ? 2 : 4)
    race.failureNotes.forEach(suite.note)
    return race.rows(comparedTo: Self.name(StoreKind.tokenVault.name, 1))
  }

  /// All have the store open before the first of them saves.
  private func run(_ store: Store, _ count: Int) throws -> [SavingLoop.Result] {
    // So that no process rewrites the file meanwhile; what that costs, and who waits, is measured by itself.
    if store.kind == .tokenVault { try VaultStorage.compact(store.path) }
    let time = Int(suite.options.turn / .milliseconds(1))
    let workers = try (0..<count).map { _ in
      try ChildProcess.worker([
        "save", store.kind.rawValue, store.path, "\(store.size)", "\(Int.random(in: 0...Int.max))",
        "\(time)",
      ])
    }
    for worker in workers { try worker.awaitReadiness() }
    for worker in workers { try worker.signal() }
    return try workers.map { worker in
      let figures = try worker.finish().split(separator: "\n").compactMap { Double($0) }
      guard figures.count > 1 else { throw SuiteError("a worker has said nothing") }
      let times = figures.dropFirst().map { Duration.microseconds($0) }
      return SavingLoop.Result(
        elapsed: times[0], saves: Array(times.dropFirst()), failures: Int(figures[0]))
    }
  }
}
