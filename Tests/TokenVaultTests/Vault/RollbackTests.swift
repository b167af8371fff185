import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

@Suite struct RollbackTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }
  private var accepting: VaultConfiguration {
    var configuration = configuration
    configuration.acceptsRollback = true
    return configuration
  }

  init() throws { directory = try TemporaryDirectory() }

  /// A vault of generation 4, and what it was at generation 2.
  private func makeVault() throws -> (vault: Vault, old: [UInt8]) {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
    let old = try directory.bytes("tokens.vault")
    try vault.save(token(#"{"user_name":"b","access_token":"1"}"#))
    try vault.save(token(#"{"user_name":"c","access_token":"1"}"#))
    return (vault, old)
  }

  private func rolledBack(_ generation: UInt64, _ highest: UInt64) -> TokenVaultError {
    .rolledBack(path: directory.file("tokens.vault"), generation: generation, highest: highest)
  }

  @Test func anOlderVaultIsNoticedByNewAndByOpenStores() throws {
    let (vault, old) = try makeVault()
    try directory.write(old, to: "tokens.vault")
    #expect(throws: rolledBack(2, 4)) { try Vault(configuration) }
    #expect(throws: rolledBack(2, 4)) { try vault.allTokens() }
    #expect(throws: rolledBack(2, 4)) { try vault.save(token(#"{"access_token":"2"}"#)) }
    #expect(throws: rolledBack(2, 4)) { try Vault.rotate(configuration) }
    #expect(try directory.bytes("tokens.vault") == old)
  }

  /// Two vaults of one generation, which both have grown out of the one before.
  @Test(arguments: [false, true])
  func anotherVersionOfTheSameGenerationIsNoticed(_ isLarge: Bool) throws {
    let vault = try isLarge ? directory.largeVault() : Vault.create(configuration)
    let before = try directory.bytes("tokens.vault")
    try vault.save(token(#"{"user_name":"z","access_token":"1"}"#))
    let seen = try directory.bytes("tokens.vault")
    let generation = try vault.status().generation
    // Elsewhere, where nothing is remembered of this.
    let elsewhere = try TemporaryDirectory()
    try elsewhere.write(before, to: "tokens.vault")
    try elsewhere.write(directory.bytes("tokens.vault.key"), to: "tokens.vault.key")
    try Vault(elsewhere.configuration()).save(token(#"{"user_name":"y","access_token":"1"}"#))
    let other = try elsewhere.bytes("tokens.vault")
    try directory.write(other, to: "tokens.vault")
    #expect(throws: rolledBack(generation, generation)) { try Vault(configuration) }
    #expect(throws: rolledBack(generation, generation)) { try vault.allTokens() }
    #expect(throws: rolledBack(generation, generation)) { try Vault.rotate(configuration) }
    #expect(try directory.bytes("tokens.vault") == other)
    try directory.write(seen, to: "tokens.vault")
    #expect(try Vault(configuration).allTokens().contains { $0.userName == "z" })
    try directory.write(other, to: "tokens.vault")
    #expect(try Vault(accepting).allTokens().contains { $0.userName == "y" })
    #expect(try Vault(configuration).allTokens().contains { $0.userName == "y" })
    #expect(try vault.allTokens().contains { $0.userName == "y" })
    try directory.write(seen, to: "tokens.vault")
    #expect(throws: rolledBack(generation, generation)) { try Vault(configuration) }
  }

  @Test func whatAnEarlierVersionHasRememberedIsALowerBound() throws {
    let (vault, old) = try makeVault()
    let store = try vault.status().storeID
    try directory.forgetGenerations()
    let line = "generation 0000000000000004 0000000000000004 \(directory.file("tokens.vault"))\n"
    try directory.write(Array(line.utf8), to: "tokens.vault.key.\(store).generation")
    let new = try directory.bytes("tokens.vault")
    try directory.write(old, to: "tokens.vault")
    #expect(throws: rolledBack(2, 4)) { try Vault(configuration) }
    try directory.write(new, to: "tokens.vault")
    #expect(try Vault(configuration).allTokens().count == 3)
    try Vault(configuration).save(token(#"{"user_name":"d","access_token":"1"}"#))
    try directory.write(new, to: "tokens.vault")
    #expect(throws: rolledBack(4, 5)) { try Vault(configuration) }
  }

  @Test func whoAcceptsItAcceptsItForAll() throws {
    let (vault, old) = try makeVault()
    try directory.write(old, to: "tokens.vault")
    #expect(try Vault(accepting).allTokens().count == 1)
    #expect(try Vault(configuration).allTokens().count == 1)
    #expect(try vault.allTokens().count == 1)
    try vault.save(token(#"{"user_name":"d","access_token":"1"}"#))
    #expect(try Vault(configuration).status().generation == 3)
  }

  @Test func anOpenStoreNoticesAlsoWhereNothingIsRemembered() throws {
    let (vault, old) = try makeVault()
    try directory.forgetGenerations()
    try directory.write(old, to: "tokens.vault")
    #expect(throws: rolledBack(2, 4)) { try vault.allTokens() }
    // A new one cannot know.
    #expect(try Vault(configuration).allTokens().count == 1)
  }

  @Test func whatAReaderSeesIsRememberedToo() throws {
    let (_, old) = try makeVault()
    try directory.forgetGenerations()
    _ = try Vault(configuration).allTokens()
    try directory.write(old, to: "tokens.vault")
    #expect(throws: rolledBack(2, 4)) { try Vault(configuration) }
  }

  @Test func aMemoryThatCannotBeWrittenFailsNoSave() throws {
    let (vault, _) = try makeVault()
    try directory.forgetGenerations()
    let store = try vault.status().storeID
    // A directory in each place.
    for place in [
      "tokens.vault.key.\(store).generation", "state/tokenvault/vaults/\(store).seen",
      "state/tokenvault/vaults/\(store).slots",
    ] {
      try FileManager.default.createDirectory(
        atPath: directory.file(place), withIntermediateDirectories: true)
    }
    try vault.save(token(#"{"user_name":"d","access_token":"1"}"#))
    #expect(try vault.allTokens().count == 4)
  }

  @Test func whoOpensItByAnotherKeyKnowsWhatWasSeenByTheDefaultOne() throws {
    var standard = configuration
    standard.key = .standard
    let code = try RecoveryCode.make()
    let vault = try Vault.create(standard, recovery: code)
    let old = try directory.bytes("tokens.vault")
    try vault.save(token(#"{"access_token":"1"}"#))
    try directory.write(old, to: "tokens.vault")
    var other = configuration
    other.key = .recoveryCode(code.text)
    #expect(throws: rolledBack(1, 2)) { try Vault(other) }
  }

  /// Who can only write the file cannot make a generation up that is then remembered.
  @Test func aHeaderThatWasNotShownToBeWhatWasWrittenRaisesNothing() throws {
    let (_, _) = try makeVault()
    let good = try directory.bytes("tokens.vault")
    let (_, size) = try VaultHeader.decode(good.span)
    let text = Array(good[..<size]).text.replacingOccurrences(
      of: "generation 4\n", with: "generation 1000000000000000\n")
    let body = Array(text.utf8.prefix(text.utf8.count - 69))
    let end = "end \(Hexadecimal.encode(try Digest.sha256(body.span)))\n"
    try directory.write(body + Array(end.utf8) + good[size...], to: "tokens.vault")
    var dry = RotationOptions()
    dry.isDryRun = true
    for rotation in [dry, RotationOptions()] {
      #expect(throws: TokenVaultError.self) { try Vault.rotate(configuration, rotation) }
    }
    #expect(throws: TokenVaultError.self) { try Vault(configuration) }
    try directory.write(good, to: "tokens.vault")
    #expect(try Vault(configuration).allTokens().count == 3)
  }
}
