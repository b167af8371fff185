import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// What a rotation refuses before it changes anything, and what it never touches.
@Suite struct KeyRotationRefusalTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func whereTheSourceCannotBeWrittenTheNewKeyNeedsAFileOfItsOwn() throws {
    try makeVault()
    let before = try directory.bytes("tokens.vault")
    let source = KeySource.command("cat '\(directory.file("tokens.vault.key"))'")
    #expect(throws: TokenVaultError.keyNotReplaceable(source: "key command")) {
      try Vault.rotate(opening(source))
    }
    var rotation = RotationOptions()
    rotation.newKeyFile = directory.file("tokens.vault.key")
    #expect(throws: TokenVaultError.alreadyExists(path: directory.file("tokens.vault.key"))) {
      try Vault.rotate(opening(source), rotation)
    }
    #expect(try directory.bytes("tokens.vault") == before)
    rotation.newKeyFile = directory.file("new/key")
    let vault = try Vault(opening(source))
    #expect(try vault.rotate(rotation).keyPath == directory.file("new/key"))
    #expect(try Vault(opening(.file(directory.file("new/key")))).allTokens().count == 3)
    // The open store has moved to the new file, and sees that renewed too.
    try Vault.rotate(opening(.file(directory.file("new/key"))))
    #expect(try vault.allTokens().count == 3)
    #expect(throws: TokenVaultError.self) { try Vault(opening(source)) }
  }

  @Test func aKeyStagedForAnotherSlotIsNotRemoved() throws {
    try makeVault().addSlot(named: "two", key: .file(directory.file("two.key")))
    var rotation = RotationOptions()
    rotation.newKeyFile = directory.file("new.key")
    let disk = CuttingDisk()
    let before = try files()
    var probing = configuration
    probing.disk = disk
    try Vault.rotate(probing, rotation)
    // Killed between the rename of the vault and the key's taking its place.
    let call = try #require(disk.calls.lastIndex(of: "link")) + 1
    try restore(before)
    var killed = configuration
    killed.disk = CuttingDisk(cutAt: call)
    #expect(throws: TokenVaultError.self) { try Vault.rotate(killed, rotation) }
    let two = opening(.file(directory.file("two.key")))
    #expect(throws: TokenVaultError.alreadyExists(path: directory.file("new.key"))) {
      try Vault.rotate(two, rotation)
    }
    #expect(try Vault(opening(.file(directory.file("new.key")))).allTokens().count == 3)
    #expect(try Vault(two).allTokens().count == 3)
  }

  @Test func otherFilesWithSimilarNamesAreLeftAlone() throws {
    try makeVault()
    for name in ["tokens.vault.key.new", "tokens.vault.key.staged"] {
      try directory.write(Array(name.utf8), to: name)
    }
    try Vault.rotate(configuration)
    for name in ["tokens.vault.key.new", "tokens.vault.key.staged"] {
      #expect(try directory.bytes(name) == Array(name.utf8))
    }
    // And a key is not put where the vault puts its own files.
    for suffix in ["", ".new", ".lock", ".previous", ".damaged"] {
      let path = directory.file("tokens.vault\(suffix)")
      var rotation = RotationOptions()
      rotation.newKeyFile = path
      #expect(throws: TokenVaultError.reservedPath(path: path)) {
        try Vault.rotate(configuration, rotation)
      }
      #expect(throws: TokenVaultError.reservedPath(path: path)) {
        try Vault(configuration).addSlot(named: "x", key: .file(path))
      }
      var new = directory.configuration("fresh")
      new.key = .file(directory.file("fresh\(suffix)"))
      #expect(throws: TokenVaultError.reservedPath(path: directory.file("fresh\(suffix)"))) {
        try Vault.create(new)
      }
    }
  }

  /// As where a container has the key file as a mount of its own, or an administrator has made it immutable.
  @Test func aKeyFileThatCannotBeMovedIsRefusedBeforeAnythingIsChanged() throws {
    try makeVault()
    let before = try files()
    for errno in [EXDEV, EPERM, EBUSY] {
      let probe = CuttingDisk()
      var probing = configuration
      probing.disk = probe
      var dry = RotationOptions()
      dry.isDryRun = true
      try Vault.rotate(probing, dry)
      let call = try #require(probe.calls.firstIndex(of: "link")) + 1
      var fixed = configuration
      fixed.disk = CuttingDisk(cutAt: call, .fail(errno: errno))
      let path = directory.file("tokens.vault.key")
      #expect(throws: TokenVaultError.keyNotReplaceable(source: "key file '\(path)'")) {
        try Vault.rotate(fixed)
      }
      #expect(try files() == before)
    }
  }

  @Test func aStagedKeyThatCannotTakeItsPlaceIsNeverRemoved() throws {
    try makeVault()
    let calls = try calls(.inPlace)
    try restore([:])
    try makeVault()
    // Killed before the last rename: the staged key is the only one that opens the vault.
    let last = try #require(calls.lastIndex(of: "rename")) + 1
    var killed = configuration
    killed.disk = CuttingDisk(cutAt: last)
    #expect(throws: TokenVaultError.self) { try Vault.rotate(killed) }
    let staged = try #require(try directory.names.first { $0.hasSuffix(".staged") })
    let key = try directory.bytes(staged)
    // Whatever fails in the next rotation, that key is there, or has taken its place.
    for call in 1...calls.count {
      var failing = configuration
      failing.disk = CuttingDisk(cutAt: call, .fail(errno: EBUSY))
      _ = try? Vault.rotate(failing, keepKey())
      let places = try [staged, "tokens.vault.key"].filter { try directory.names.contains($0) }
      #expect(try places.contains { try directory.bytes($0) == key }, "\(call)")
      if try directory.bytes("tokens.vault.key") == key { break }
    }
    #expect(try Vault(configuration).allTokens().count == 3)
  }

  @Test func aRotationOfAnotherBetweenOursAndItsAdoptionIsNotMixedUpWithIt() throws {
    let vault = try makeVault()
    let (access, known) = try vault.read { ($0.access, $0.known) }
    let ours = try KeyRotator(
      access: access, configuration: configuration, rotation: RotationOptions()
    ).run(known)
    try Vault.rotate(configuration)
    #expect(try vault.allTokens().count == 3)
    try vault.adopt(ours.found)
    try vault.save(token(#"{"user_name":"d","access_token":"1"}"#))
    #expect(try Vault(configuration).allTokens().count == 4)
  }

  @Test func whatWasGivenForAnotherKindOfSlotIsRefused() throws {
    try makeVault().addSlot(named: "ann", key: .passphrase("old"))
    let before = try directory.bytes("tokens.vault")
    for (source, kind) in [
      (configuration.key, SlotKind.passphrase), (.passphrase("old"), .key),
    ] {
      var rotation = RotationOptions()
      rotation.demandedKind = kind
      rotation.newPassphrase = { .text("new") }
      #expect(throws: TokenVaultError.self) { try Vault.rotate(opening(source), rotation) }
    }
    #expect(try directory.bytes("tokens.vault") == before)
  }
}
