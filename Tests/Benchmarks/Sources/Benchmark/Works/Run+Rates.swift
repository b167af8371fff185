extension Run {
  private typealias Contender = (name: String, storages: [any TokenStorage])

  /// How long a contender saves at a stretch.
  private var turn: Duration { .milliseconds(isQuick ? 400 : 1500) }

  /// Saves a second of one thread and of sixteen, each contender in turn; then how long a save took.
  func threads() throws {
    let floor = try AppendFloor(path: "append", size: AppendFloor.entrySize)
    var contenders: [Contender] = [("\(AppendFloor.name), 1 thread", [floor])]
    for store in try stores([.tokenVault, .sqliteWAL]) {
      contenders.append(("\(store.name), 1 thread", [try store.open()]))
      contenders.append(("\(store.name), 16 threads", try connections(store, 16)))
    }
    var results = contenders.map { _ in [[SavingLoop.Result]]() }
    for _ in 0..<(isQuick ? 2 : 4) {
      for (index, contender) in contenders.enumerated() {
        results[index].append(try race(contender.storages))
      }
    }
    for (contender, rounds) in zip(contenders, results) {
      let rates = rounds.map { $0.reduce(0) { $0 + $1.rate } }
      try report(contender.name, rates, unit: "saves/s")
      try report("\(contender.name): one save", Samples(rounds.joined().flatMap(\.saves)))
    }
  }

  /// One vault for all threads, but a connection of its own for each with SQL.
  private func connections(_ store: Store, _ count: Int) throws -> [any TokenStorage] {
    if store.kind != .tokenVault { return try (0..<count).map { _ in try store.open() } }
    return [any TokenStorage](repeating: try store.open(), count: count)
  }

  private func race(_ storages: [any TokenStorage]) throws -> [SavingLoop.Result] {
    try ThreadGroup.run(storages.count) { [size, turn] index in
      try SavingLoop(size: size, time: turn).run(storages[index])
    }
  }

  /// One of several processes: saves for a while; then prints its rate and the time of each save.
  func savingProcess() throws {
    guard let operand, let kind = StoreKind(rawValue: operand) else {
      throw BenchmarkError("there is no such store")
    }
    let storage = try store(kind).open()
    // The first save decodes all records; the rate is that of a running process.
    _ = try SavingLoop(size: size, time: .zero).run(storage)
    try awaitStart()
    let result = try SavingLoop(size: size, time: turn).run(storage)
    let figures = [result.rate] + result.saves.map(\.microseconds)
    try say(figures.map { "\($0)" }.joined(separator: " "))
  }
}
