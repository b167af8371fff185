@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Indexes with a sound seal and a wrong content, as a faulty program may write them: none leads to a record that the
/// query does not fit, and a check refuses them.
struct IndexTarget {
  private let vaults = RecordFormat.allCases.map { SeedVault(SeedRecords.large, $0) }
  private let texts: [[UInt8]]
  private let checks: [ReadingCheck]

  init() {
    checks = vaults.map(ReadingCheck.init)
    texts = vaults.map { vault in
      let message = vault.bytes.span.extracting(vault.parts.snapshotEnd..<vault.parts.indexEnd)
      return sound {
        try OpeningReader.open(message, Self.key(of: vault)).withSpan { $0.array }
      }
    }
  }

  private static func key(of vault: SeedVault) -> MessageKey {
    VaultContainer.indexKey(
      vault.key, Keys.store, snapshotSalt: vault.log.chain.snapshotSalt)
  }

  func check(_ input: [UInt8]) {
    var choices = Choices(input)
    let number = Int(choices.byte()) % vaults.count
    var text = texts[number]
    Edits.apply(&choices, to: &text, landmarks: [0, 8, 16, 24, text.count / 3, text.count])
    let vault = vaults[number]
    FuzzedFile.write(Self.file(vault, index: text))
    let reader = required(try? VaultReader(FuzzedFile.vault), "the header is sound")
    let isSound = (try? reader.records(with: vault.key, .recordsAndIndex, seen: nil)) != nil
    require(isSound == (text == texts[number]), "a check refuses every other index")
    guard var some = try? reader.records(with: vault.key, .start, seen: nil) else { return }
    for query in checks[number].queries {
      guard let match = try? some.records.find(query), let token = match.token else { continue }
      require(vault.states[0].tokens.contains(token), "a record of the vault is found")
      let texts = [token.id, token.userName]
      require(texts.contains(query.key?.text), "it has the key")
    }
  }

  /// The vault with another index behind its snapshot, and an empty log.
  private static func file(_ vault: SeedVault, index: [UInt8]) -> [UInt8] {
    let message = sound { try SealingWriter.seal(index.span, key(of: vault)) }
    let parts = vault.parts
    let lengths = VaultContainer.Lengths(snapshot: parts.lengths.snapshot, index: message.count)
    var bytes = parts.headerBytes + lengths.bytes
    bytes += vault.bytes[parts.snapshotStart..<parts.snapshotEnd]
    bytes += message
    let area = LogArea(behind: Int64(bytes.count), parts.header)
    bytes += [UInt8](repeating: 0, count: Int(area.start) - bytes.count)
    return bytes + area.extent(0, snapshotSalt: vault.log.chain.snapshotSalt)
  }
}
