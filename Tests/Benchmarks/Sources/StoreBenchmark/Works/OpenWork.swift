import Measuring

/// A new store object and one find, against decrypting as many bytes as the vault's file has.
struct OpenWork {
  let suite: Suite

  func measure() throws -> [Row] { try suite.options.sizes.flatMap(measure) }

  private func measure(_ size: Int) throws -> [Row] {
    let vault = try suite.stores.store(.tokenVault, size: size)
    let path = vault.path
    let behind = try openWithSavesBehind(vault)
    try VaultStorage.compact(path)
    let cipher = try MessageCipher(size: SystemCall.size(path))
    var pieces = [TimedPiece(MessageCipher.name) { try cipher.open() }]
    let kinds: [StoreKind] = [.tokenVault, .sqliteWAL, .sqlcipherWAL]
    for store in try suite.stores.all(kinds, size: size) {
      pieces.append(piece(store))
    }
    let samples = try Interleaved(pieces).samples(
      rounds: suite.options.isQuick ? 20 : 200,
      within: .seconds(suite.options.isQuick ? 2 : 8)
    )
    return (samples + behind).map { Row(.open, $0.name, size, $0.samples) }
      .compared(to: MessageCipher.name)
  }

  /// The same of a vault with many saves behind its snapshot, each of which is opened too.
  private func openWithSavesBehind(_ store: Store) throws -> [(name: String, samples: Samples)] {
    guard store.size == suite.largest else { return [] }
    try VaultStorage.compact(store.path)
    let storage = try store.open()
    var random = SeededGenerator(seed: 11)
    for _ in 0..<10_000 { try storage.save(.random(of: store.size, &random)) }
    let name = "\(store.name), 10,000 saves behind"
    return try Interleaved([piece(store, named: name)]).samples(rounds: 10)
  }

  /// The store is closed when the time is taken.
  private func piece(_ store: Store, named name: String? = nil) -> TimedPiece {
    var random = SeededGenerator(seed: store.size)
    var opened: [any TokenStorage] = []
    func close() { opened = [] }
    return TimedPiece(name ?? store.name, settle: close) {
      let storage = try store.open()
      try storage.find(user: TestRecord.user(.random(in: 1...store.size, using: &random)))
      opened.append(storage)
    }
  }
}
