import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Vaults under a data key that nothing vouches for.
extension OtherSlotsTests {
  enum Other: CaseIterable, Sendable { case key, passphrase, recovery }

  /// The source of a slot of this kind, which is added if the vault has none.
  private func source(_ other: Other) throws -> KeySource {
    switch other {
    case .recovery: return .recoveryCode(code.text)
    case .key:
      let source = KeySource.file(directory.file("second.key"))
      try Vault(configuration).addSlot(named: "second", key: source)
      return source
    case .passphrase:
      try Vault(configuration).addSlot(named: "second", key: .passphrase("correct horse"))
      return .passphrase("correct horse")
    }
  }

  /// By the key file once, and an attacker who had the old data key and header reads nothing more, and makes nothing that this
  /// host accepts.
  @Test(arguments: Other.allCases)
  func afterOneRotationTheOldDataKeyNeitherReadsNorForges(_ other: Other) throws {
    let second = opening(try source(other))
    #expect(try Vault(second).allTokens().count == 1)
    let attacker = try Attacker(havingOpened: configuration)
    try Vault.rotate(configuration)
    try Vault(configuration).save(smallToken("b"))
    #expect(try !attacker.canRead(directory))
    let genuine = try directory.bytes("tokens.vault")
    for forged in [
      try attacker.forged(generation: 50), try attacker.forged(generation: 50, without: "default"),
      try attacker.repeated(generation: 50),
    ] {
      try put(forged)
      for way in [configuration, second] {
        let error = #expect(throws: TokenVaultError.self) { try Vault(way) }
        switch error {
        case .slotGone, .unprovenDataKey: break
        default: Issue.record("\(String(describing: error))")
        }
        #expect(throws: TokenVaultError.self) { try Vault.rotate(way, keepKey()) }
      }
      #expect(try directory.bytes("tokens.vault") == forged)
    }
    try put(genuine)
    for way in [configuration, second] { #expect(try Vault(way).allTokens().count == 2) }
    #expect(warnings.take().isEmpty)
  }

  @Test func afterARotationThatKeepsTheKeyTheOldDataKeyForgesForNoSlotEither() throws {
    let attacker = try Attacker(havingOpened: configuration)
    try Vault.rotate(configuration, keepKey())
    let genuine = try directory.bytes("tokens.vault")
    let forged = try attacker.forged(generation: 50)
    let unproven = TokenVaultError.unprovenDataKey(path: path, slot: "default")
    // The old header has the old data key under the key that was kept.
    for forged in [forged, try attacker.repeated(generation: 50)] {
      try put(forged)
      #expect(throws: unproven) { try Vault(configuration) }
      #expect(throws: unproven) { try Vault.rotate(configuration) }
      #expect(try directory.bytes("tokens.vault") == forged)
      try put(genuine)
      #expect(try Vault(configuration).allTokens().count == 1)
    }
    // A person may know better.
    try put(forged)
    #expect(try Vault(accepting).allTokens().first?.userName == "evil")
    #expect(try Vault(configuration).allTokens().first?.userName == "evil")
  }

  @Test func aPreviousSnapshotUnderAnOldDataKeyIsNotRestoredSilently() throws {
    let attacker = try Attacker(havingOpened: configuration)
    try Vault.rotate(configuration, keepKey())
    let genuine = try directory.bytes("tokens.vault")
    try directory.write(try attacker.repeated(generation: 2), to: "tokens.vault.previous")
    let copy = directory.file("tokens.vault.previous")
    for isThere in [true, false] {
      if !isThere { try FileManager.default.removeItem(atPath: path) }
      #expect(throws: TokenVaultError.unprovenCopy(path: copy)) {
        try Vault.restore(configuration)
      }
      #expect((try? directory.bytes("tokens.vault")) == (isThere ? genuine : nil))
    }
    var accepting = configuration
    accepting.acceptsRollback = true
    try Vault.restore(accepting)
    #expect(try Vault(configuration).allTokens().first?.userName == "evil", "a person said so")
  }

  @Test func damageIsNoWayRoundForAForgery() throws {
    let attacker = try Attacker(havingOpened: configuration)
    try Vault.rotate(configuration, keepKey())
    let genuine = try directory.bytes("tokens.vault")
    for forged in [try attacker.forged(generation: 50), try attacker.repeated(generation: 50)] {
      var damaged = forged
      // The length before the snapshot costs no record.
      damaged[try VaultHeader.decode(forged.span).1 + 7] ^= 1
      for bytes in [forged, damaged] {
        try put(bytes)
        #expect(throws: TokenVaultError.unprovenDamage(path: path)) {
          try Vault.repair(configuration)
        }
        // The keys of what is there would stay.
        try directory.write(genuine, to: "copy")
        #expect(throws: TokenVaultError.unprovenDataKey(path: path, slot: "default")) {
          try Vault.restore(configuration, from: directory.file("copy"))
        }
        #expect(try directory.bytes("tokens.vault") == bytes)
      }
      #expect(try Vault.repair(accepting).tokens == 1, "a person said so")
      #expect(try Vault(configuration).allTokens().first?.userName == "evil")
    }
  }

  @Test func aVaultWithoutThisHostsSlotIsNoMatterOfAWrongKey() throws {
    let attacker = try Attacker(havingOpened: configuration)
    try put(try attacker.forged(generation: 50, without: "default"))
    let gone = TokenVaultError.slotGone(path: path, slot: "default")
    #expect(throws: gone) { try Vault(configuration) }
    #expect(throws: gone) { try Vault(opening(.recoveryCode(code.text))) }
  }
}
