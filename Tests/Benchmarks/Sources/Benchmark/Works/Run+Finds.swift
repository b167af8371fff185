extension Run {
  /// Random users found in an open store, in batches that take long enough to be timed.
  func finds() throws {
    let pieces = try stores().map { try findPiece($0.name, $0.openWarm()) }
    try measure(pieces, rounds: 200, seconds: 8, patience: .milliseconds(10))
  }

  private func findPiece(_ name: String, _ storage: any TokenStorage) throws -> TimedPiece {
    var random = SeededGenerator(seed: size)
    let users = (0..<10_000).map { _ in TestRecord.user(.random(in: 1...size, using: &random)) }
    // All once, so that each cache has what it can hold.
    for user in users { try storage.find(user: user) }
    var next = 0
    return TimedPiece(name, repeats: 1000) {
      try storage.find(user: users[next % users.count])
      next += 1
    }
  }
}
