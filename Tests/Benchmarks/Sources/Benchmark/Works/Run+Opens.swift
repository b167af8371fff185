extension Run {
  /// A new store object and one find, also in a vault with a long log, each entry of which counts.
  func opens() throws {
    try VaultStorage.compact(vault().path)
    var pieces = try stores().map { openPiece($0, $0.name) }
    let vault = try vaultWithLog()
    pieces.append(openPiece(vault, "\(vault.name), \(logLength) entries behind"))
    try measure(pieces, rounds: 1000, seconds: 20, patience: .milliseconds(5))
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
