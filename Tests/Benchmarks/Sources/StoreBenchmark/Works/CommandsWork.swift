import Measuring

/// Whole processes, from their start to their end, that print one access token.
struct CommandsWork {
  let suite: Suite

  static let token = "tokenvault token ID"
  static let rawKey = "sqlcipher, raw key"
  static let passphrase = "sqlcipher, passphrase"
  static let sqlite = "sqlite3"

  func measure() throws -> [Row] {
    try Set([suite.options.sizes.min() ?? 30, suite.largest]).sorted().flatMap(measure)
  }

  private func measure(_ size: Int) throws -> [Row] {
    try VaultStorage.compact(suite.stores.store(.tokenVault, size: size).path)
    let commands = try CommandDatabases(suite: suite, size: size).commands()
    let pieces = commands.map { command in
      var random = SeededGenerator(seed: size)
      return TimedPiece(command.name) {
        try ChildProcess.run(command.words(String(Int.random(in: 1...size, using: &random))))
      }
    }
    return try Interleaved(pieces).samples(
      rounds: suite.options.isQuick ? 20 : 100,
      within: .seconds(suite.options.isQuick ? 4 : 20)
    ).map { Row(.commands, $0.name, size, $0.samples) }.compared(to: Self.token)
  }
}
