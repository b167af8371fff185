import Glibc
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// A vault so large that a thread decodes its records, while calls go on to find them by the index.
@Suite struct DecodingBesideTests: IndexSuite {
  let directory: TemporaryDirectory
  /// Until it is open, the thread reads nothing.
  private let gate = Gate()

  init() throws { directory = try TemporaryDirectory() }

  private static let count = 3000

  /// A disk on which only this thread reads before the gate is open.
  private func gatedDisk() -> CuttingDisk {
    let (gate, thread) = (gate, pthread_self())
    return CuttingDisk { call in
      if call == "pread", pthread_equal(pthread_self(), thread) == 0 { gate.wait() }
      return nil
    }
  }

  /// Saves so often that the records are to be decoded.
  private func saveUntilDecodingBegins(_ vault: Vault, _ name: String = "early") throws {
    for number in 1...8 { try vault.save(smallToken("\(name) \(number)")) }
  }

  private func openGate(_ vault: Vault) {
    gate.open()
    vault.decoding.waitForEnd()
  }

  private func expectAllRecords(_ vault: Vault) throws {
    let expected = try Vault(configuration).allTokens()
    let tokens = try vault.allTokens()
    #expect(tokens == expected && tokens.map(\.revision) == expected.map(\.revision))
  }

  @Test(arguments: RecordFormat.allCases)
  func noSaveAndNoLookUpReadsAllRecordsOnceThatPays(_ format: RecordFormat) throws {
    try makeVault(format, Self.count)
    let disk = gatedDisk()
    let vault = try Vault(directory.configuration(on: disk))
    defer { gate.open() }
    let limit = try directory.layout().snapshotSize / 4
    for number in 1...40 {
      let before = disk.bytesRead
      try vault.save(smallToken("new \(number)"))
      for id in [number, number + 1000] { #expect(try vault.findToken(id: "\(id)") != nil) }
      #expect(disk.bytesRead - before < limit, "save \(number)")
    }
    #expect(!isDecoded(vault))
    openGate(vault)
    #expect(isDecoded(vault))
    let before = disk.bytesRead
    try expectAllRecords(vault)
    #expect(disk.bytesRead - before < limit)
  }

  @Test func lookUpsAloneHaveTheRecordsDecoded() throws {
    try makeVault(.json, Self.count)
    let disk = gatedDisk()
    let vault = try Vault(directory.configuration(on: disk))
    defer { gate.open() }
    let limit = try directory.layout().snapshotSize / 4
    for number in 1...200 {
      let before = disk.bytesRead
      #expect(try vault.findWithoutUse(TokenQuery(id: "\(number)"))?.id == "\(number)")
      #expect(disk.bytesRead - before < limit, "look-up \(number)")
    }
    #expect(!isDecoded(vault))
    openGate(vault)
    #expect(isDecoded(vault))
  }

  @Test func whatIsSavedAndUsedMeanwhileIsThereAfterwards() throws {
    let clock = SettableClock()
    try makeVault(.json, Self.count, directory.configuration(clock))
    var gated = directory.configuration(clock)
    gated.disk = gatedDisk()
    let vault = try Vault(gated)
    defer { gate.open() }
    try saveUntilDecodingBegins(vault)
    let other = try Vault(directory.configuration(clock))
    try other.save(token(#"{"id":"3","access_token":"by another store"}"#))
    try other.save(smallToken("another's"))
    try vault.save(token(#"{"id":"5","access_token":"meanwhile"}"#))
    try vault.save(smallToken("last"))
    clock.advance(seconds: 3601)
    for id in ["7", "8"] { #expect(try vault.findToken(id: id) != nil) }
    openGate(vault)
    #expect(isDecoded(vault))
    #expect(vault.writeUses())
    try expectAllRecords(vault)
    #expect(try other.findWithoutUse(TokenQuery(id: "8"))?.history.lastUsedAt == clock.now)
    #expect(try other.findWithoutUse(TokenQuery(id: "5"))?[.accessToken] == "meanwhile")
  }

  @Test func aTransactionThatBeganBeforeTheRecordsWereDecodedIsInThem() throws {
    try makeVault(.json, Self.count)
    let vault = try Vault(directory.configuration(on: gatedDisk()))
    defer { gate.open() }
    try saveUntilDecodingBegins(vault)
    let changed = try token(#"{"id":"7","access_token":"changed"}"#)
    try vault.write(loading: [TokenQuery(id: "7")]) { (transaction) throws(TokenVaultError) in
      openGate(vault)
      #expect(isDecoded(vault))
      _ = try transaction.table.saveAll([changed], now: transaction.header.time(at: .now))
      try transaction.commit(previous: .keep)
    }
    #expect(isDecoded(vault))
    #expect(try vault.findToken(id: "7")?[.accessToken] == "changed")
    try expectAllRecords(vault)
  }

  @Test func recordsOfAFileThatWasReplacedMeanwhileAreNotUsed() throws {
    try makeVault(.json, Self.count)
    let vault = try Vault(directory.configuration(on: gatedDisk()))
    defer { gate.open() }
    try saveUntilDecodingBegins(vault)
    let other = try Vault(configuration)
    try other.deleteToken(id: "3")
    #expect(try vault.findToken(id: "3") == nil)
    openGate(vault)
    #expect(!isDecoded(vault))
    #expect(try vault.findToken(id: "3") == nil)
    try saveUntilDecodingBegins(vault, "later")
    vault.decoding.waitForEnd()
    #expect(isDecoded(vault))
    try expectAllRecords(vault)
  }

  /// A save that replaces the file by a merge has the new file's log, and the old one's records.
  @Test(arguments: [false, true])
  func recordsOfAFileThatThisStoreHasReplacedAreNotUsed(_ isDecodingBegun: Bool) throws {
    try makeVault(.json, Self.count)
    let vault = try Vault(directory.configuration(on: gatedDisk()))
    defer { gate.open() }
    for number in 1...(isDecodingBegun ? 8 : 7) { try vault.save(smallToken("early \(number)")) }
    // More than the log has room for.
    try vault.save(smallToken("long", String(repeating: "x", count: 200_000)))
    openGate(vault)
    #expect(!isDecoded(vault))
    let other = try Vault(configuration)
    try other.save(smallToken("another's"))
    try other.compact()
    try expectAllRecords(vault)
  }

  @Test func damageThatTheThreadFindsKeepsNoOtherRecordFromItsReaders() throws {
    let text = try makeVault(.json, Self.count)
    let layout = try directory.layout()
    var bytes = layout.bytes
    bytes[layout.snapshotStart + MessageLayout.prefixSize + 40 * MessageLayout.sealedChunkSize] ^= 1
    try write(bytes)
    let vault = try Vault(configuration)
    for number in 1...20 {
      try vault.save(smallToken("new \(number)"))
      vault.decoding.waitForEnd()
    }
    #expect(!isDecoded(vault))
    #expect(try vault.findToken(id: "1") != nil)
    let damaged = try #require(
      (0..<Self.count).first { text.chunks(ofRecord: $0).contains(40) })
    #expect(throws: TokenVaultError.self) { try vault.findToken(id: "\(damaged + 1)") }
    #expect(throws: TokenVaultError.self) { try vault.allTokens() }
  }

  /// The thread's memory is that of the vault: it must not outlive the store.
  @Test func aStoreThatIsClosedEndsItsThread() throws {
    try makeVault(.json, Self.count)
    let disk = gatedDisk()
    var vault: Vault? = try Vault(directory.configuration(on: disk))
    defer { gate.open() }
    try vault.map { try saveUntilDecodingBegins($0) }
    weak let session = vault?.session
    gate.open()
    vault = nil
    #expect(session == nil)
  }
}
