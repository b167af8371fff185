extension Run {
  /// Saves a second of one thread and of sixteen, each contender in turn, and how long a save took.
  func threads() throws {
    var contenders: [(name: String, storages: [any TokenStorage])] = []
    for store in try stores(StoreKind.allCases.filter(\.queuesThreads)) {
      let first = try store.openWarm()
      let isShared = store.kind.sharesConnection
      let others = try (1..<16).map { _ in try isShared ? first : store.open() }
      contenders.append(("\(store.name), 1 thread", [first]))
      contenders.append(("\(store.name), 16 threads", [first] + others))
    }
    var loops = contenders.map { _ in [SavingLoop]() }
    for _ in 0..<(isQuick ? 2 : 5) {
      for (index, contender) in contenders.enumerated() {
        let new = contender.storages.map { SavingLoop($0, size: size) }
        try SavingLoop.race(new, for: .milliseconds(isQuick ? 300 : 1000))
        loops[index] += new
      }
    }
    for (contender, loops) in zip(contenders, loops) {
      try report(contender.name, loops, together: contender.storages.count)
    }
  }

  /// - Parameter count: How many loops in a row ran at once.
  private func report(_ name: String, _ loops: [SavingLoop], together count: Int) throws {
    let rates = stride(from: 0, to: loops.count, by: count).map { start in
      loops[start..<(start + count)].reduce(0) { $0 + $1.rate }
    }
    try report(Figures(contender: name, unit: "saves/s", figures: rates))
    try report("\(name): one save", loops.flatMap(\.saves))
  }

  /// One of several processes: saves until its input ends.
  func savingProcess() throws {
    guard let kind = operand.flatMap(StoreKind.init) else { throw BenchmarkError("which store?") }
    let loop = SavingLoop(try store(kind).openWarm(), size: size)
    // The rate is that of a running process.
    for _ in 1...20 { try loop.run() }
    try awaitStart()
    try loop.run(while: goesOn)
    try report(Figures(contender: "rate", unit: "saves/s", figures: [loop.rate]))
    try report("one save", loop.saves)
  }
}
