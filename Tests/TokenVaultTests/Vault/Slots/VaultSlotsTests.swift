import Testing

@testable import TokenVault

@Suite struct VaultSlotsTests {
  let directory: TemporaryDirectory
  let vault: Vault

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    try vault.save(token(#"{"access_token":"1"}"#))
  }

  private func open(_ source: KeySource) throws -> Vault {
    var configuration = directory.configuration()
    configuration.key = source
    return try Vault(configuration)
  }

  @Test func aSlotThatIsAddedOpensTheVaultAndOneThatIsRemovedDoesNot() throws {
    let other = KeySource.file(directory.file("other.key"))
    let slot = try vault.addSlot(named: "web", key: other)
    #expect(slot.name == "web" && slot.kind == .key && slot.rotated == nil && !slot.isInUse)
    #expect(try directory.bytes("other.key").count == 32)
    let opened = try open(other)
    #expect(try opened.allTokens().count == 1)
    #expect(try opened.slots().map(\.isInUse) == [false, true])
    try opened.removeSlot(named: "default")
    #expect(throws: TokenVaultError.self) { try Vault(directory.configuration()) }
    #expect(try !directory.names.contains("tokens.vault.previous"), "which it would open")
    #expect(try open(other).allTokens().count == 1)
    #expect(throws: TokenVaultError.lastSlot("web")) { try opened.removeSlot(named: "web") }
  }

  @Test func aNameOrAKeyTwiceIsAConflictAndChangesNothing() throws {
    let before = try directory.bytes("tokens.vault")
    let same = KeySource.file(directory.file("tokens.vault.key"))
    #expect(throws: TokenVaultError.slotExists("default")) {
      try vault.addSlot(named: "again", key: same)
    }
    #expect(throws: TokenVaultError.slotExists("default")) {
      try vault.addSlot(named: "default", key: .file(directory.file("x.key")))
    }
    #expect(throws: TokenVaultError.invalidSlotName("a b")) {
      try vault.addSlot(named: "a b", key: .file(directory.file("x.key")))
    }
    #expect(throws: TokenVaultError.unknownSlot("none")) { try vault.removeSlot(named: "none") }
    #expect(throws: TokenVaultError.self) { try vault.addSlot(named: "p", key: .passphrase("")) }
    #expect(try directory.bytes("tokens.vault") == before)
    #expect(try !directory.names.contains("x.key"))
  }

  @Test func aSlotThatCannotBeWrittenLeavesNoKeyBehind() throws {
    let probe = CuttingDisk()
    var configuration = directory.configuration(on: probe)
    try Vault(configuration).addSlot(named: "probe", key: .file(directory.file("probe.key")))
    let rename = try #require(probe.calls.firstIndex(of: "rename")) + 1
    configuration.disk = CuttingDisk(cutAt: rename, .fail(errno: 28))
    #expect(throws: TokenVaultError.self) {
      try Vault(configuration).addSlot(named: "x", key: .file(directory.file("x.key")))
    }
    #expect(try !directory.names.contains("x.key"))
    #expect(try vault.slots().map(\.name) == ["default", "probe"])
  }

  @Test func thereIsRoomForThirtyTwoSlots() throws {
    for number in 2...32 {
      try vault.addSlot(named: "s\(number)", key: .file(directory.file("k\(number)")))
    }
    #expect(throws: TokenVaultError.tooManySlots) {
      try vault.addSlot(named: "s33", key: .file(directory.file("k33")))
    }
    try vault.rotate()
    #expect(try open(.file(directory.file("k32"))).allTokens().count == 1)
  }

  @Test func aVaultCanBeMadeForAnyKindOfKey() throws {
    let code = try RecoveryCode.make()
    for (name, source, slot) in [
      ("p", KeySource.passphrase("secret"), "passphrase"),
      ("r", .recoveryCode(code.text), "recovery"),
      ("k", .key(Secret(String(repeating: "0f", count: 32))), "default"),
      ("c", .command("printf '%032d' 5"), "default"),
    ] {
      var configuration = directory.configuration(name)
      configuration.key = source
      try Vault.create(configuration).save(token(#"{"access_token":"1"}"#))
      #expect(try Vault(configuration).slots().map(\.name) == [slot])
      configuration.key = .key(Secret(String(repeating: "f0", count: 32)))
      #expect(throws: TokenVaultError.self) { try Vault(configuration) }
    }
  }
}
