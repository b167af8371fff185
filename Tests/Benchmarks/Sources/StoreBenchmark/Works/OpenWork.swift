import Measuring

/// A new store object and one find, against decrypting as many bytes as the vault's file has.
struct OpenWork {
  let suite: Suite

  func measure() throws -> [Row] { try suite.options.sizes.flatMap(measure) }

  private func measure(_ size: Int) throws -> [Row] {
    let path = try suite.stores.store(.tokenVault, size: size).path
    let cipher = try MessageCipher(size: SystemCall.size(path))
    var pieces = [TimedPiece(MessageCipher.name) { try cipher.open() }]
    let kinds: [StoreKind] = [.tokenVault, .sqliteWAL, .sqlcipherWAL]
    for store in try suite.stores.all(kinds, size: size) {
      pieces.append(piece(store))
    }
    return try Interleaved(pieces).samples(
      rounds: suite.options.isQuick ? 20 : 200,
      within: .seconds(suite.options.isQuick ? 2 : 8)
    ).map { Row(.open, $0.name, size, $0.samples) }.compared(to: MessageCipher.name)
  }

  /// The store is closed when the time is taken.
  private func piece(_ store: Store) -> TimedPiece {
    var random = SeededGenerator(seed: store.size)
    var opened: [any TokenStorage] = []
    func close() { opened = [] }
    return TimedPiece(store.name, settle: close) {
      let storage = try store.open()
      try storage.find(user: TestRecord.user(.random(in: 1...store.size, using: &random)))
      opened.append(storage)
    }
  }
}
