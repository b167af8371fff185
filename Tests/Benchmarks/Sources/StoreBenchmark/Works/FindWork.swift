import Measuring

/// Random users found in an open store, in batches that take long enough to be timed.
struct FindWork {
  let suite: Suite

  func measure() throws -> [Row] { try suite.options.sizes.flatMap(measure) }

  private func measure(_ size: Int) throws -> [Row] {
    let stores = try suite.stores.all(StoreKind.allCases, size: size)
    var pieces: [TimedPiece] = []
    for store in stores {
      let storage = try store.open()
      pieces.append(try piece(store.name, size, storage.find))
    }
    for store in stores where [.sqliteWAL, .sqlcipherWAL].contains(store.kind) {
      let storage = try store.openSQL()
      pieces.append(try piece("\(store.name): step alone", size, storage.step))
    }
    return try Interleaved(pieces).samples(
      rounds: suite.options.isQuick ? 50 : 200,
      within: .seconds(suite.options.isQuick ? 2 : 5), patience: .milliseconds(10)
    ).map { Row(.find, $0.name, size, $0.samples) }.compared(to: StoreKind.tokenVault.name)
  }

  private func piece(
    _ name: String, _ size: Int, _ find: @escaping (String) throws -> Void
  ) throws -> TimedPiece {
    var random = SeededGenerator(seed: size)
    let users = (0..<10_000).map { _ in TestRecord.user(.random(in: 1...size, using: &random)) }
    // The first few may search, until all records are read and an index of them is made.
    for user in users.prefix(8) { try find(user) }
    // All once, so that each cache has what it can hold; but no scan of a whole table for each.
    let time = try ContinuousClock().measure { try find(users[0]) }
    if time < .milliseconds(1) { for user in users { try find(user) } }
    var next = 0
    return TimedPiece(name, repeats: time < .milliseconds(1) ? 1000 : 1) {
      try find(users[next % users.count])
      next += 1
    }
  }
}
