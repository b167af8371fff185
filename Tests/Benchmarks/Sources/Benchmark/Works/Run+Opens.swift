extension Run {
  /// A new store object and one find, against decrypting as many bytes as the vault's file has.
  func opens() throws {
    try VaultStorage.compact(vault().path)
    let cipher = try CipherFloor(size: SystemCall.size(vault().path))
    let stores = try stores([.tokenVault, .sqliteWAL, .sqlcipherWAL])
    let pieces = stores.map { openPiece($0, $0.name) }
    let floor = TimedPiece(CipherFloor.name) { try cipher.open() }
    try measure([floor] + pieces, rounds: 200, seconds: 8)
  }

  /// The same of a vault with a long log behind its snapshot, each entry of which is opened too.
  func opensWithLog() throws {
    let vault = try vault()
    try VaultStorage.compact(vault.path)
    let storage = try vault.open()
    var random = SeededGenerator(seed: 11)
    for _ in 0..<10_000 { try storage.save(.random(of: size, &random)) }
    try measure([openPiece(vault, "\(vault.name), 10,000 saves behind")], rounds: 10)
  }

  /// Closing the store is not timed.
  private func openPiece(_ store: Store, _ name: String) -> TimedPiece {
    var random = SeededGenerator(seed: size)
    var opened: [any TokenStorage] = []
    func close() { opened = [] }
    return TimedPiece(name, settle: close) {
      let storage = try store.open()
      try storage.find(user: TestRecord.user(.random(in: 1...size, using: &random)))
      opened.append(storage)
    }
  }
}
