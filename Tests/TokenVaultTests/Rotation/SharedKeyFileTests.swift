import Foundation
import Testing

@testable import TokenVault

/// Which vaults a key file has opened, and so must go on to open.
@Suite struct SharedKeyFileTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func aKeyFileThatOpensOtherVaultsTooIsNotReplaced() throws {
    try makeVault()
    var other = directory.configuration("other.vault")
    other.key = configuration.key
    _ = try Vault.create(other)
    let keyPath = directory.file("tokens.vault.key")
    #expect(
      throws: TokenVaultError.keyShared(path: keyPath, others: [directory.file("other.vault")])
    ) {
      try Vault.rotate(configuration)
    }
    #expect(try Vault(other).allTokens().isEmpty)
    try Vault.rotate(configuration, keepKey())
    var rotation = RotationOptions()
    rotation.newKeyFile = directory.file("own.key")
    try Vault.rotate(configuration, rotation)
    #expect(try Vault(opening(.file(directory.file("own.key")))).allTokens().count == 3)
    // Now the other has it for itself.
    try Vault.rotate(other)
    #expect(try Vault(other).allTokens().isEmpty)
  }

  @Test func aKeyThatWasAddedToAnotherVaultIsKnownToBeItsToo() throws {
    try makeVault()
    let other = try Vault.create(directory.configuration("other.vault"))
    try other.addSlot(named: "shared", key: configuration.key)
    let shared = TokenVaultError.keyShared(
      path: directory.file("tokens.vault.key"), others: [directory.file("other.vault")])
    #expect(throws: shared) { try Vault.rotate(configuration) }
    // Removed from there, it is ours alone again.
    try other.removeSlot(named: "shared")
    try Vault.rotate(configuration)
  }

  @Test func aKeyThatOpenedAVaultThatIsGoneIsNotItsAnyMore() throws {
    try makeVault()
    var other = directory.configuration("other.vault")
    other.key = configuration.key
    _ = try Vault.create(other)
    try FileManager.default.removeItem(atPath: other.path)
    try Vault.rotate(configuration)
    #expect(try Vault(configuration).allTokens().count == 3)
  }

  @Test func aVaultIsWhereItsNameIsAndNotWhereItsInodeIs() throws {
    try makeVault()
    try FileManager.default.linkItem(
      atPath: directory.file("tokens.vault"), toPath: directory.file("second"))
    let second = named("second")
    #expect(throws: TokenVaultError.self) { try Vault.rotate(second) }
    // The same name by another way is the same vault, and its names are taken by any way.
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("alias"), withDestinationPath: ".")
    let alias = named("alias/tokens.vault")
    try Vault.rotate(alias)
    #expect(try Vault(configuration).allTokens().count == 3)
    #expect(throws: TokenVaultError.self) {
      try Vault(configuration).addSlot(
        named: "x", key: .file(directory.file("alias/tokens.vault.previous")))
    }
  }

  @Test func keepingTheKeyOnACopyMakesItNoOriginal() throws {
    try makeVault()
    try directory.write(directory.bytes("tokens.vault"), to: "copy")
    let copy = named("copy")
    try Vault.rotate(copy, keepKey())
    #expect(throws: TokenVaultError.self) { try Vault.rotate(copy) }
  }

  @Test func aCopyOfAVaultDoesNotTakeTheKeyOfTheOriginal() throws {
    try makeVault()
    try directory.write(directory.bytes("tokens.vault"), to: "copy")
    var copy = named("copy")
    let shared = TokenVaultError.keyShared(
      path: directory.file("tokens.vault.key"), others: [directory.file("tokens.vault")])
    #expect(throws: shared) { try Vault.rotate(copy) }
    // Nor after it has been written to.
    try Vault(copy).save(token(#"{"user_name":"d","access_token":"1"}"#))
    #expect(throws: shared) { try Vault.rotate(copy) }
    var rotation = RotationOptions()
    rotation.newKeyFile = directory.file("copy.key")
    try Vault.rotate(copy, rotation)
    copy.key = .file(directory.file("copy.key"))
    #expect(try Vault(copy).allTokens().count == 4)
    // The original is what it was, once nobody says that a newer one has been here.
    try directory.forgetGenerations()
    #expect(try Vault(configuration).allTokens().count == 3)
  }

  @Test func aVaultThatWasMovedKeepsItsKey() throws {
    try makeVault()
    try FileManager.default.moveItem(
      atPath: directory.file("tokens.vault"), toPath: directory.file("moved"))
    let moved = named("moved")
    try Vault.rotate(moved)
    #expect(try Vault(moved).allTokens().count == 3)
  }
}
