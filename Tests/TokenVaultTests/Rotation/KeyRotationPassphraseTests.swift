import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// What becomes of the derivation of passphrases.
@Suite struct KeyRotationPassphraseTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func rotation(to passphrase: Secret) -> RotationOptions {
    var rotation = RotationOptions()
    rotation.newPassphrase = { .text(passphrase) }
    return rotation
  }

  private func derivation() throws -> PassphraseDerivation {
    try #require(try VaultReader(configuration.file()).header.passphrases)
  }

  @Test func aRotationByTheOnlyPassphraseRenewsItsSaltAndItsCost() throws {
    try makeVault().addSlot(named: "ann", key: .passphrase("pass phrase"))
    let before = try derivation()
    var costly = opening(.passphrase("pass phrase"))
    costly.passphraseCost = try #require(Scrypt.Cost(exponent: 16))
    let report = try Vault.rotate(costly, rotation(to: "pass phrase"))
    let after = try derivation()
    #expect(after.salt != before.salt && before.cost.exponent == 15 && after.cost.exponent == 16)
    // The same passphrase has another key by that, so the one that was guessed is worth nothing.
    #expect(report.oldKeyID != report.newKeyID)
    for source: KeySource in [.passphrase("pass phrase"), configuration.key] {
      #expect(try Vault(opening(source)).allTokens().count == 3)
    }
  }

  @Test func whereAnotherPassphraseDependsOnTheSaltARotationKeepsIt() throws {
    let vault = try makeVault()
    try vault.addSlot(named: "ann", key: .passphrase("pass phrase"))
    try vault.addSlot(named: "bob", key: .passphrase("another"))
    let before = try derivation()
    try Vault.rotate(opening(.passphrase("pass phrase")), rotation(to: "a new one"))
    #expect(try derivation() == before)
    for passphrase: Secret in ["a new one", "another"] {
      #expect(try Vault(opening(.passphrase(passphrase))).allTokens().count == 3)
    }
    #expect(throws: TokenVaultError.self) { try Vault(opening(.passphrase("pass phrase"))) }
  }

  @Test func aRotationThatRenewsNoPassphraseKeepsTheSalt() throws {
    try makeVault().addSlot(named: "ann", key: .passphrase("pass phrase"))
    let before = try derivation()
    try Vault.rotate(configuration)
    try Vault.rotate(opening(.passphrase("pass phrase")), keepKey())
    #expect(try derivation() == before)
    #expect(try Vault(opening(.passphrase("pass phrase"))).allTokens().count == 3)
  }
}
