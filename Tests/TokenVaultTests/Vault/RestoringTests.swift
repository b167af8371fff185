import Foundation
import Testing

@testable import TokenVault

@Suite struct RestoringTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }

  init() throws { directory = try TemporaryDirectory() }

  /// The configuration of who goes back on purpose.
  private var accepting: VaultConfiguration {
    var configuration = configuration
    configuration.acceptsRollback = true
    return configuration
  }

  func users(_ configuration: VaultConfiguration? = nil) throws -> [String] {
    try Vault(configuration ?? self.configuration).allTokens().compactMap(\.userName)
  }

  @discardableResult
  func makeVault(_ users: [String]) throws -> Vault {
    let vault = try Vault.create(configuration)
    for user in users {
      try vault.save(token(#"{"user_name":"\#(user)","access_token":"1"}"#))
    }
    return vault
  }

  @Test func thePreviousSnapshotComesBackAndASecondRestoreUndoesIt() throws {
    let vault = try makeVault(["a", "b"])
    let report = try Vault.restore(configuration)
    #expect(report.tokens == 1 && report.sourceGeneration == 2 && report.generation == 4)
    #expect(try users() == ["a"])
    #expect(try vault.allTokens().count == 1, "an open store goes on")
    try Vault.restore(configuration)
    #expect(try users() == ["a", "b"])
    #expect(try vault.status().generation == 5)
  }

  @Test func aRestoredRecordHasARevisionThatNobodyHasRead() throws {
    let vault = try makeVault(["a"])
    try vault.save(token(#"{"user_name":"a","access_token":"2"}"#))
    try vault.save(token(#"{"user_name":"z","access_token":"2"}"#))
    let read = try #require(try vault.findToken(matching: TokenQuery(userName: "a")))
    #expect(read.revision == 2)
    let copy = try directory.bytes("tokens.vault.previous")
    try vault.save(token(#"{"user_name":"a","access_token":"3"}"#))
    try directory.write(copy, to: "copy")
    _ = try Vault.restore(accepting, from: directory.file("copy"))
    let restored = try #require(try vault.findToken(matching: TokenQuery(userName: "a")))
    #expect(restored.accessToken == "2" && restored.revision == 4)
    #expect(throws: TokenVaultError.self) { try vault.save(restored, ifRevision: 2) }
    // Ids go on from where they were.
    #expect(try vault.save(token(#"{"user_name":"n","access_token":"1"}"#)).token.id == "3")
  }

  @Test func anOldCopyBringsNoRemovedKeyBack() throws {
    let vault = try makeVault(["a"])
    try vault.addSlot(named: "web", key: .file(directory.file("web.key")))
    try directory.write(try directory.bytes("tokens.vault"), to: "copy")
    try vault.removeSlot(named: "web")
    try vault.save(token(#"{"user_name":"b","access_token":"1"}"#))
    _ = try Vault.restore(accepting, from: directory.file("copy"))
    #expect(try users() == ["a"])
    #expect(try vault.slots().map(\.name) == ["default"])
    var web = configuration
    web.key = .file(directory.file("web.key"))
    #expect(throws: TokenVaultError.self) { try Vault(web) }
  }

  @Test func aMissingVaultIsReplacedAsAWholeAndIsNotRolledBack() throws {
    let vault = try makeVault(["a", "b"])
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    let report = try Vault.restore(configuration)
    #expect(report.replaced == nil && report.generation == 4)
    #expect(try users() == ["a"])
    #expect(try vault.allTokens().count == 1)
    #expect(try directory.names.contains("tokens.vault.previous"), "it is taken away by no restore")
  }

  @Test func aDamagedVaultIsKeptAside() throws {
    try makeVault(["a", "b"])
    var bytes = try directory.bytes("tokens.vault")
    bytes[bytes.count - 3] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    let report = try Vault.restore(configuration)
    #expect(report.replaced == directory.file("tokens.vault.damaged"))
    #expect(try users() == ["a"])
    #expect(try directory.bytes("tokens.vault.damaged") == bytes)
  }

  @Test func aCopyFromBeforeARotationComesBackWithTheKeyOfThen() throws {
    let vault = try makeVault(["a"])
    try directory.write(try directory.bytes("tokens.vault"), to: "copy")
    try directory.write(try directory.bytes("tokens.vault.key"), to: "old.key")
    try vault.rotate()
    try vault.deleteAllTokens()
    #expect(throws: TokenVaultError.self) {
      try Vault.restore(configuration, from: directory.file("copy"))
    }
    try Vault.restore(
      accepting, from: directory.file("copy"), key: .file(directory.file("old.key")))
    #expect(try users() == ["a"])
    #expect(try vault.allTokens().count == 1)
  }

  @Test func whatDoesNotOpenChangesNothing() throws {
    try makeVault(["a", "b"])
    var bad = try directory.bytes("tokens.vault.previous")
    bad[bad.count - 3] ^= 1
    try directory.write(bad, to: "bad")
    let other = try Vault.create(directory.configuration("other"))
    try other.save(token(#"{"access_token":"1"}"#))
    let before = try directory.bytes("tokens.vault")
    var otherKey = configuration
    otherKey.key = directory.configuration("other").key
    for (from, configuration) in [
      ("bad", configuration), ("missing", configuration), ("tokens.vault.key", configuration),
      ("other", configuration), ("other", otherKey), ("tokens.vault.previous", otherKey),
    ] {
      #expect(throws: TokenVaultError.self) {
        try Vault.restore(configuration, from: directory.file(from))
      }
      #expect(try directory.bytes("tokens.vault") == before)
    }
    #expect(throws: TokenVaultError.noCopy(path: directory.file("missing"))) {
      try Vault.restore(configuration, from: directory.file("missing"))
    }
  }

  @Test func aKillAtAnyCallLeavesTheOldOrTheRestoredVault() throws {
    let files = FileManager.default
    for isMissing in [false, true] {
      var call = 0
      while true {
        call += 1
        for name in try files.contentsOfDirectory(atPath: directory.path) {
          try files.removeItem(atPath: directory.file(name))
        }
        try makeVault(["a", "b"])
        if isMissing { try files.removeItem(atPath: directory.file("tokens.vault")) }
        let disk = CuttingDisk(cutAt: call)
        var killed = configuration
        killed.disk = disk
        _ = try? Vault.restore(killed)
        if disk.calls.count < call { break }
        if try directory.names.contains("tokens.vault") {
          let left = try users()
          #expect(left == ["a"] || (left == ["a", "b"] && !isMissing), "before call \(call)")
        } else {
          #expect(isMissing)
          try Vault.restore(configuration)
          #expect(try users() == ["a"])
        }
      }
      #expect(call > 30)
    }
  }
}
