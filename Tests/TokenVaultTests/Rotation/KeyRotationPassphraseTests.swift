import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// What becomes of the derivations of passphrases: each slot has its own.
@Suite struct KeyRotationPassphraseTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func rotation(to passphrase: Secret) -> RotationOptions {
    var rotation = RotationOptions()
    rotation.newPassphrase = { .text(passphrase) }
    return rotation
  }

  private func derivation(of name: String) throws -> PassphraseDerivation {
    let header = try VaultReader(configuration.file()).header
    return try #require(header.slot(named: name)?.derivation)
  }

  private func opens(_ passphrase: Secret) -> Bool {
    (try? Vault(opening(.passphrase(passphrase))).allTokens().count) == 3
  }

  @Test func aRotationByAPassphraseRenewsItsSaltAndItsCostAndNoOthers() throws {
    let vault = try makeVault()
    try vault.addSlot(named: "bob", key: .passphrase("another"))
    try vault.addSlot(named: "ann", key: .passphrase("pass phrase"))
    let (before, other) = (try derivation(of: "ann"), try derivation(of: "bob"))
    #expect(before.salt != other.salt)
    var costly = opening(.passphrase("pass phrase"))
    costly.passphraseCost = try #require(Scrypt.Cost(exponent: 16))
    let report = try Vault.rotate(costly, rotation(to: "pass phrase"))
    let after = try derivation(of: "ann")
    #expect(after.salt != before.salt && before.cost.exponent == 15 && after.cost.exponent == 16)
    // The same passphrase has another key by that, so the one that was guessed is worth nothing.
    #expect(report.oldKeyID != report.newKeyID)
    #expect(try derivation(of: "bob") == other)
    #expect(opens("pass phrase") && opens("another"))
    try Vault.rotate(opening(.passphrase("another")), rotation(to: "a new one"))
    #expect(try derivation(of: "ann") == after && derivation(of: "bob") != other)
    #expect(opens("pass phrase") && opens("a new one") && !opens("another"))
  }

  @Test func aRotationThatRenewsNoPassphraseKeepsTheSalt() throws {
    try makeVault().addSlot(named: "ann", key: .passphrase("pass phrase"))
    let before = try derivation(of: "ann")
    try Vault.rotate(configuration)
    try Vault.rotate(opening(.passphrase("pass phrase")), keepKey())
    #expect(try derivation(of: "ann") == before)
    #expect(opens("pass phrase"))
  }

  @Test func aPassphraseThatOpensASlotAlreadyIsAConflict() throws {
    let vault = try makeVault()
    try vault.addSlot(named: "ann", key: .passphrase("pass phrase"))
    try vault.addSlot(named: "bob", key: .passphrase("another"))
    let before = try directory.bytes("tokens.vault")
    #expect(throws: TokenVaultError.slotExists("bob")) {
      try vault.addSlot(named: "eve", key: .passphrase("another"))
    }
    #expect(try directory.bytes("tokens.vault") == before)
  }
}
