extension Run {
  /// How long a contender saves at a stretch.
  private var turn: Duration { .milliseconds(isQuick ? 400 : 1500) }

  /// Saves a second of one thread and of sixteen, each contender in turn, and how long a save took.
  func threads() throws {
    let floor = try AppendFloor(path: "append", size: AppendFloor.entrySize)
    var contenders: [(name: String, storages: [any TokenStorage])] = [
      ("\(AppendFloor.name), 1 thread", [floor])
    ]
    for store in try stores([.tokenVault, .sqliteWAL]) {
      contenders.append(("\(store.name), 1 thread", [try store.open()]))
      contenders.append(("\(store.name), 16 threads", try connections(store, 16)))
    }
    var rates = contenders.map { _ in [Double]() }
    var saves = contenders.map { _ in [Duration]() }
    for _ in 0..<(isQuick ? 2 : 4) {
      for (index, contender) in contenders.enumerated() {
        let loops = contender.storages.map { SavingLoop($0, size: size) }
        try SavingLoop.race(loops, for: turn)
        rates[index].append(loops.reduce(0) { $0 + $1.rate })
        saves[index] += loops.flatMap(\.saves)
      }
    }
    for (index, contender) in contenders.enumerated() {
      try report(contender.name, rates[index], unit: "saves/s")
      try report("\(contender.name): one save", saves[index])
    }
  }

  /// One vault for all threads, but a connection of its own for each with SQL.
  private func connections(_ store: Store, _ count: Int) throws -> [any TokenStorage] {
    if store.kind != .tokenVault { return try (0..<count).map { _ in try store.open() } }
    return [any TokenStorage](repeating: try store.open(), count: count)
  }

  /// One of several processes that save for a while.
  func savingProcess() throws {
    guard let kind = operand.flatMap(StoreKind.init) else { throw BenchmarkError("which store?") }
    let loop = SavingLoop(try store(kind).open(), size: size)
    // The first save decodes all records; the rate is that of a running process.
    try loop.run(for: .zero)
    try sayReady()
    _ = readLine()
    try loop.run(for: turn)
    try report("rate", [loop.rate], unit: "saves/s")
    try report("one save", loop.saves)
  }
}
