import Synchronization
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// An index that is damaged, or that its length does not fit.
@Suite struct IndexDamageTests: IndexSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A vault with two saves behind its index.
  private func makeVault(_ format: RecordFormat) throws -> (FileLayout, [OAuthToken]) {
    try makeVault(format, 400)
    let vault = try Vault(configuration)
    for user in ["e", "f"] { try vault.save(smallToken(user)) }
    return (try directory.layout(), try vault.allTokens())
  }

  private func put(_ bytes: [UInt8]) throws {
    try directory.forgetGenerations()
    try write(bytes)
  }

  private func isDamaged(_ work: () throws -> Void) -> Bool {
    do { try work() } catch {
      switch error as? TokenVaultError {
      case .damaged, .damagedLogEntry: return true
      default: return false
      }
    }
    return false
  }

  @Test(arguments: RecordFormat.allCases)
  func aChangedByteOfTheIndexIsDamageAndARepairLosesNothing(_ format: RecordFormat) throws {
    let (layout, tokens) = try makeVault(format)
    let size = layout.indexEnd - layout.snapshotEnd
    #expect(size > MessageLayout.sealedChunkSize / 2)
    for place in [0, 23, 24, 55, 56, 70, 80, 300, size / 2, size - 17, size - 1] {
      var bytes = layout.bytes
      bytes[layout.snapshotEnd + place] ^= 0x40
      try put(bytes)
      #expect(isDamaged { _ = try Vault.check(configuration) }, "byte \(place)")
      #expect(isDamaged { _ = try Vault(configuration).allTokens() }, "byte \(place)")
      let report = try Vault.repair(configuration)
      #expect(report.isIndexDamaged && !report.isSnapshotDamaged && report.copy != nil)
      #expect(report.lostSaves == 0 && report.soundSaves == 2, "byte \(place)")
      #expect(try Vault(configuration).allTokens() == tokens, "byte \(place)")
      #expect(try Vault.check(configuration).tokens == 402)
      try Vault.discardDamaged(configuration)
    }
  }

  /// Anyone can write the lengths: they must not hide the saves behind the index.
  @Test(arguments: RecordFormat.allCases)
  func aLengthOfTheIndexThatIsNotItsOwnIsDamageAndARepairLosesNothing(
    _ format: RecordFormat
  ) throws {
    let (layout, tokens) = try makeVault(format)
    let size = layout.indexEnd - layout.snapshotEnd
    let rest = layout.bytes.count - layout.indexEnd
    for length in [
      0, 1, 71, 72, size - 1, size + 1, size - 16_400, size + layout.commits[0].count, size + rest,
      size + rest + 1, .max,
    ] {
      var bytes = layout.bytes
      var word: [UInt8] = []
      word.append(word: UInt64(length))
      bytes.replaceSubrange(layout.headerEnd + 8..<layout.headerEnd + 16, with: word)
      try put(bytes)
      for query in [TokenQuery(id: "7"), TokenQuery(userName: "e")] {
        #expect(isDamaged { _ = try Vault(configuration).findToken(matching: query) }, "\(length)")
      }
      #expect(isDamaged { _ = try Vault.check(configuration) }, "\(length)")
      #expect(isDamaged { try Vault(configuration).rotate() }, "\(length)")
      #expect(try directory.bytes(Self.name) == bytes)
      let report = try Vault.repair(configuration)
      #expect(report.isIndexDamaged || report.isSnapshotDamaged, "\(length)")
      #expect(report.lostSaves == 0 && report.soundSaves == 2, "\(length)")
      #expect(try Vault(configuration).allTokens() == tokens, "\(length)")
      try Vault.discardDamaged(configuration)
    }
  }

  @Test func anIndexAndItsLengthThatAreDamagedBothCostNothing() throws {
    let (layout, tokens) = try makeVault(.json)
    for place in [layout.snapshotEnd, layout.snapshotEnd + 60] {
      var bytes = layout.bytes
      bytes[place] ^= 1
      bytes[layout.headerEnd + 14] ^= 1
      try put(bytes)
      #expect(try Vault.repair(configuration).lostSaves == 0)
      #expect(try Vault(configuration).allTokens() == tokens)
      try Vault.discardDamaged(configuration)
    }
  }

  @Test func anIndexOfAnotherSnapshotIsDamage() throws {
    let (layout, _) = try makeVault(.json)
    try Vault(configuration).compact()
    let newer = try directory.layout()
    let old = layout.bytes[layout.snapshotEnd..<layout.indexEnd]
    let lengths = VaultContainer.Lengths(snapshot: newer.snapshotSize, index: old.count)
    let start = newer.bytes[..<newer.headerEnd] + lengths.bytes
    try put(Array(start) + newer.bytes[newer.snapshotStart..<newer.snapshotEnd] + old)
    #expect(isDamaged { _ = try Vault(configuration).findToken(id: "7") })
    #expect(isDamaged { _ = try Vault.check(configuration) })
  }

  /// Such an index can only be the work of a faulty program that has the key.
  @Test func anAuthenticIndexThatLacksAKeyIsFoundByCheck() throws {
    let (layout, tokens) = try makeVault(.json)
    let vault = try Vault(configuration)
    let (dataKey, header, chain) = vault.session.mutex.withLock {
      ($0.found.dataKey, $0.header, $0.log.chain)
    }
    let (known, hash) = try index()
    var builder = IndexBuilder(hash)
    for (place, token) in tokens.prefix(400).enumerated() { builder.add(token, at: place) }
    let text = builder.finish(textSize: known.textSize)
    #expect(text.layout == known)
    let key = VaultContainer.indexKey(dataKey, header.store, snapshotSalt: chain.snapshotSalt)
    let plaintext = (0..<text.chunks).flatMap(text.text(ofChunk:))
    let message = try SealingWriter.seal(plaintext.span, key)
    try put(
      Array(layout.bytes[..<layout.snapshotEnd]) + message + layout.bytes[layout.indexEnd...])
    #expect(isDamaged { _ = try Vault.check(configuration) })
    #expect(isDamaged { _ = try Vault(configuration).findToken(id: "7") })
    #expect(try Vault.repair(configuration).isIndexDamaged)
    #expect(try Vault(configuration).allTokens() == tokens)
  }
}
