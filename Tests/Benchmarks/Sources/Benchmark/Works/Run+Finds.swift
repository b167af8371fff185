extension Run {
  /// Random users found in an open store, in batches that take long enough to be timed.
  func finds() throws {
    var pieces: [TimedPiece] = []
    for store in try stores() {
      pieces.append(try findPiece(store.name, store.open().find))
    }
    for store in try stores([.sqliteWAL, .sqlcipherWAL]) {
      let storage = try SQLStorage(store.kind, path: store.path)
      pieces.append(try findPiece("\(store.name): step alone", storage.step))
    }
    try measure(pieces, rounds: 200, seconds: 5, patience: .milliseconds(10))
  }

  private func findPiece(
    _ name: String, _ find: @escaping (String) throws -> Void
  ) throws -> TimedPiece {
    var random = SeededGenerator(seed: size)
    let users = (0..<10_000).map { _ in TestRecord.user(.random(in: 1...size, using: &random)) }
    // The first few may search, until the store has decoded all records and indexed them.
    for user in users.prefix(8) { try find(user) }
    let isFast = try ContinuousClock().measure { try find(users[0]) } < .milliseconds(1)
    // All once, so that each cache has what it can hold; but no scan of a whole table for each.
    if isFast { for user in users { try find(user) } }
    var next = 0
    return TimedPiece(name, repeats: isFast ? 1000 : 1) {
      try find(users[next % users.count])
      next += 1
    }
  }
}
