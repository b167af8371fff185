import Measuring

/// Saves a second of one thread and of sixteen, and how long one of them waits.
struct ThreadsWork {
  let suite: Suite

  static let count = 16

  static func name(_ store: String, _ threads: Int) -> String {
    "\(store), \(threads) \(threads == 1 ? "thread" : "threads")"
  }

  func measure() throws -> [Row] {
    let largest = suite.largest
    return try suite.options.sizes.filter { $0 == 1000 || $0 == largest }.flatMap(measure)
  }

  private func measure(_ size: Int) throws -> [Row] {
    let path = "\(suite.scratch.path)/append-threads"
    let floor = try AppendFloor(path: path, size: 112 + Suite.bytesPerRecord)
    var race = RateRace(work: .threads, tokens: size)
    race.add(Self.name(AppendFloor.name, 1)) { try run([floor], size) }
    for store in try suite.stores.all([.tokenVault, .sqliteWAL], size: size) {
      for count in [1, Self.count] {
        let storages = try connections(store, count)
        race.add(Self.name(store.name, count)) { try run(storages, size) }
      }
    }
    try race.run(rounds: suite.options.isQuick ? 2 : 4)
    race.failureNotes.forEach(suite.note)
    return race.rows(comparedTo: Self.name(StoreKind.tokenVault.name, 1))
  }

  /// One vault for all threads, but a connection of its own for each with SQL.
  private func connections(_ store: Store, _ count: Int) throws -> [any TokenStorage] {
    guard store.kind == .tokenVault else { return try (0..<count).map { _ in try store.open() } }
    let vault = try store.open()
    return (0..<count).map { _ in vault }
  }

  private func run(
    _ storages: [any TokenStorage], _ size: Int
  ) throws -> [SavingLoop.Result] {
    let time = suite.options.turn
    return try ThreadGroup.run(storages.count) { index in
      try SavingLoop(size: size, seed: .random(in: 0...Int.max), time: time).run(storages[index])
    }
  }
}
