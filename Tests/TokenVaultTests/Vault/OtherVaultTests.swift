import Foundation
import Testing

@testable import TokenVault

/// Another vault in the place of the one that was there.
@Suite struct OtherVaultTests {
  let directory: TemporaryDirectory
  private let prod: VaultConfiguration
  private let test: VaultConfiguration

  init() throws {
    directory = try TemporaryDirectory()
    (prod, test) = (directory.configuration("prod"), directory.configuration("test"))
    for (configuration, user) in [(prod, "prod"), (test, "test")] {
      var standard = configuration
      standard.key = .standard
      try Vault.create(standard).save(smallToken(user))
    }
  }

  private func standard(
    _ configuration: VaultConfiguration, accepting: Bool = false
  ) -> VaultConfiguration {
    var configuration = configuration
    (configuration.key, configuration.acceptsOtherVault) = (.standard, accepting)
    return configuration
  }

  private func users(_ configuration: VaultConfiguration) throws -> [String] {
    try Vault(configuration).allTokens().compactMap(\.userName)
  }

  private func swap() throws {
    let (first, second) = (try directory.bytes("prod"), try directory.bytes("test"))
    try directory.write(second, to: "prod")
    try directory.write(first, to: "test")
  }

  private func store(_ configuration: VaultConfiguration) throws -> String {
    try Vault(configuration).status().storeID
  }

  @Test func twoSwappedVaultsAreNoticedAndLeftAlone() throws {
    let (seen, found) = (try store(standard(prod)), try store(standard(test)))
    try swap()
    let bytes = try directory.bytes("prod")
    let error = TokenVaultError.otherVault(path: prod.path, seen: seen, found: found)
    #expect(throws: error) { try Vault(standard(prod)) }
    #expect(throws: error) { try Vault.rotate(standard(prod)) }
    #expect(throws: error) { try Vault.repair(standard(prod)) }
    #expect(throws: error) { try Vault.restore(standard(prod)) }
    #expect(try directory.bytes("prod") == bytes)
    var rollback = standard(prod)
    rollback.acceptsRollback = true
    #expect(throws: error) { try Vault(rollback) }
    #expect(try users(standard(prod, accepting: true)) == ["test"])
    #expect(try users(standard(prod)) == ["test"], "accepted for all")
  }

  @Test func noVaultIsMadeWhereOneWas() throws {
    let seen = try store(standard(prod))
    for name in ["prod", "prod.previous"] {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
    #expect(throws: TokenVaultError.noVault(path: prod.path, previous: nil)) {
      try Vault(standard(prod))
    }
    let error = TokenVaultError.otherVault(path: prod.path, seen: seen, found: nil)
    #expect(throws: error) { try Vault.create(standard(prod)) }
    #expect(throws: error) { try Vault.openOrCreate(standard(prod)) }
    #expect(!FileManager.default.fileExists(atPath: prod.path))
    let made = try Vault.create(standard(prod, accepting: true)).status().storeID
    #expect(try store(standard(prod)) == made)
    #expect(made != seen)
  }

  @Test func aSnapshotOfAnotherStoreIsNotRestoredSilently() throws {
    let (seen, found) = (try store(standard(prod)), try store(standard(test)))
    try FileManager.default.removeItem(atPath: prod.path)
    try directory.write(directory.bytes("test"), to: "prod.previous")
    let error = TokenVaultError.otherCopy(
      path: directory.file("prod.previous"), vault: prod.path, seen: seen, found: found)
    #expect(throws: error) { try Vault.restore(standard(prod)) }
    #expect(!FileManager.default.fileExists(atPath: prod.path))
    try Vault.restore(standard(prod, accepting: true))
    #expect(try users(standard(prod)) == ["test"])
  }

  /// Whatever the mode of what is remembered, and whichever key opens it.
  @Test(arguments: [0o600, 0o644])
  func aRestoreSaysWhatWasSeenAndDoesNotMakeAnOldVaultTheNewest(_ mode: Int) throws {
    let vault = try Vault(standard(prod))
    let old = try directory.bytes("prod")
    for number in 1...8 { try vault.save(smallToken("u\(number)")) }
    let record = "state/tokenvault/vaults/\(try vault.status().storeID).seen"
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: directory.file(record))
    try FileManager.default.removeItem(atPath: prod.path)
    try directory.write(old, to: "prod.previous")
    let error = #expect(throws: TokenVaultError.self) { try Vault.restore(standard(prod)) }
    #expect("\(String(describing: error))".contains("but this host has seen generation 10"))
    var accepting = standard(prod)
    accepting.acceptsRollback = true
    let report = try Vault.restore(accepting)
    #expect(report.seenGeneration == 10 && report.generation == 11)
    #expect(report.age.contains("8 generations behind"))
  }

  @Test func aLinkThatLeadsToAnotherVaultIsNoticed() throws {
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("current"), withDestinationPath: "prod")
    let current = standard(directory.configuration("current"))
    #expect(try users(current) == ["prod"])
    try FileManager.default.removeItem(atPath: directory.file("current"))
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("current"), withDestinationPath: "test")
    #expect(throws: TokenVaultError.self) { try Vault(current) }
    #expect(try users(standard(test)) == ["test"])
  }

  @Test func aVaultThatWasMovedIsTheSameElsewhere() throws {
    let vault = try Vault(standard(prod))
    let old = try directory.bytes("prod")
    try vault.save(smallToken("b"))
    try FileManager.default.moveItem(atPath: prod.path, toPath: directory.file("moved"))
    let moved = standard(directory.configuration("moved"))
    #expect(try users(moved) == ["prod", "b"])
    try directory.write(old, to: "moved")
    #expect(throws: TokenVaultError.self) { try Vault(moved) }
  }
}
