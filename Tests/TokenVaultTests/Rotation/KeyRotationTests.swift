import Foundation
import Synchronization
import Testing

@testable import TokenVault
@testable import VaultCrypto

@Suite struct KeyRotationTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: RecordFormat.allCases)
  func aRotationRenewsBothKeysAndKeepsEveryRecord(_ format: RecordFormat) throws {
    let vault = try makeVault(format)
    let before = try vault.allTokens()
    let status = try vault.status()
    let key = try directory.bytes("tokens.vault.key")
    let report = try Vault.rotate(configuration)
    #expect(report.tokens == 3 && report.generation == status.generation + 1)
    #expect(report.slot == "default" && report.rewrapped.isEmpty)
    #expect(report.oldKeyID == status.keyID && report.oldDataKeyID == status.dataKeyID)
    let after = try Vault(configuration).status()
    #expect(report.newKeyID == after.keyID && report.newDataKeyID == after.dataKeyID)
    #expect(after.keyID != status.keyID && after.dataKeyID != status.dataKeyID)
    #expect(try directory.bytes("tokens.vault.key") != key)
    #expect(try Vault(configuration).allTokens() == before)
    #expect(try directory.names == ["tokens.vault", "tokens.vault.key", "tokens.vault.lock"])
    #expect(try vault.allTokens() == before, "the open store goes on")
  }

  @Test func afterwardsNothingOldOpensAnythingNew() throws {
    let vault = try makeVault()
    let (oldKey, oldVault) = (
      try directory.bytes("tokens.vault.key"), try directory.bytes("tokens.vault")
    )
    let oldDataKey = try vault.read { $0.found.dataKey }
    try vault.rotate()
    let new = try directory.bytes("tokens.vault")
    // The old key file.
    try directory.write(oldKey, to: "old.key")
    let old = opening(.file(directory.file("old.key")))
    #expect(throws: TokenVaultError.self) { try Vault(old) }
    // The old data key.
    let parts = try VaultContainer.parse(new.span, size: Int64(new.count))
    let snapshot = Array(new[parts.snapshotStart...])
    #expect(throws: CryptoError.notAuthentic(.commitment)) {
      try OpeningReader(parts.snapshotKey(oldDataKey), prefix: snapshot.span)
    }
    // A copy of the old header before the new snapshot.
    let oldParts = try VaultContainer.parse(oldVault.span, size: Int64(oldVault.count))
    try directory.write(oldVault[..<oldParts.snapshotStart] + snapshot, to: "spliced")
    var spliced = old
    spliced.path = directory.file("spliced")
    #expect(throws: TokenVaultError.self) { try Vault(spliced) }
    #expect(try !directory.names.contains("tokens.vault.previous"))
  }

  @Test func keepingTheKeyRenewsTheDataKeyAlone() throws {
    let vault = try makeVault()
    let key = try directory.bytes("tokens.vault.key")
    let before = try vault.status()
    let report = try vault.rotate(keepKey())
    #expect(report.slot == nil && report.newKeyID == nil && report.rewrapped == ["default"])
    let after = try vault.status()
    #expect(after.keyID == before.keyID && after.dataKeyID != before.dataKeyID)
    #expect(after.slots[0].rotated == nil)
    #expect(try directory.bytes("tokens.vault.key") == key)
  }

  @Test func everyOtherSlotGoesOnToOpenTheVault() throws {
    let code = try RecoveryCode.make()
    let vault = try makeVault(recovery: code)
    try vault.addSlot(named: "ann", key: .passphrase("ann's"))
    try vault.addSlot(named: "web", key: .file(directory.file("web.key")))
    let sources: [KeySource] = [
      .file(directory.file("tokens.vault.key")), .file(directory.file("web.key")),
      .passphrase("ann's"), .recoveryCode(code.text),
    ]
    // By each key file in turn, so that each is wrapped for without being there.
    for source in [sources[0], sources[1], sources[1], sources[0]] {
      let report = try Vault.rotate(opening(source))
      #expect(report.rewrapped.count == 3)
      for source in sources {
        #expect(try Vault(opening(source)).allTokens().count == 3, "\(source)")
      }
    }
    try Vault(opening(.passphrase("ann's"))).rotate(keepKey())
    for source in sources { #expect(try Vault(opening(source)).allTokens().count == 3) }
    #expect(try vault.slots().map { $0.rotated != nil } == [true, false, false, true])
  }

  @Test func aPassphraseIsRenewedByAskingAndACodeByShowing() throws {
    let code = try RecoveryCode.make()
    try makeVault(recovery: code).addSlot(named: "ann", key: .passphrase("old"))
    var rotation = RotationOptions()
    rotation.newPassphrase = { .text("new") }
    let vault = try Vault(opening(.passphrase("old")))
    try vault.rotate(rotation)
    #expect(try vault.allTokens().count == 3)
    #expect(throws: TokenVaultError.self) { try Vault(opening(.passphrase("old"))) }
    #expect(try Vault(opening(.passphrase("new"))).allTokens().count == 3)

    let shown = Mutex<Secret?>(nil)
    rotation.showRecoveryCode = { code in
      shown.withLock { $0 = code.text }
      return nil
    }
    try Vault.rotate(opening(.recoveryCode(code.text)), rotation)
    let new = try #require(shown.withLock { $0 })
    #expect(try Vault(opening(.recoveryCode(new))).allTokens().count == 3)
    #expect(throws: TokenVaultError.self) { try Vault(opening(.recoveryCode(code.text))) }
    // Not without an answer, and not unseen.
    let before = try directory.bytes("tokens.vault")
    rotation.newPassphrase = { .none(reason: "no") }
    rotation.showRecoveryCode = { _ in "no" }
    for source in [KeySource.passphrase("new"), .recoveryCode(new)] {
      for rotation in [rotation, RotationOptions()] {
        #expect(throws: TokenVaultError.self) { try Vault.rotate(opening(source), rotation) }
      }
    }
    #expect(try directory.bytes("tokens.vault") == before)
  }

  @Test func aLinkToAKeyFileStaysOne() throws {
    try makeVault()
    try FileManager.default.createDirectory(
      atPath: directory.file("real"), withIntermediateDirectories: false)
    try FileManager.default.moveItem(
      atPath: directory.file("tokens.vault.key"), toPath: directory.file("real/key"))
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("tokens.vault.key"), withDestinationPath: "real/key")
    let old = try directory.bytes("real/key")
    try Vault.rotate(configuration)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(
        atPath: directory.file("tokens.vault.key")) == "real/key")
    #expect(try directory.bytes("real/key") != old)
    #expect(try Vault(configuration).allTokens().count == 3)
  }

  @Test func aDryRunRefusesWhatWouldBeRefusedAndChangesNothing() throws {
    try makeVault()
    let before = try (directory.bytes("tokens.vault"), directory.bytes("tokens.vault.key"))
    var rotation = RotationOptions()
    rotation.isDryRun = true
    let report = try Vault.rotate(configuration, rotation)
    #expect(report.tokens == 3 && report.newDataKeyID == nil && report.newKeyID == nil)
    #expect(throws: TokenVaultError.self) {
      try Vault.rotate(opening(.command("cat '\(directory.file("tokens.vault.key"))'")), rotation)
    }
    #expect(try directory.bytes("tokens.vault") == before.0)
    #expect(try directory.bytes("tokens.vault.key") == before.1)
    #expect(try directory.names.contains("tokens.vault.previous"))
  }

  @Test func aStoreWhoseKeyWasTypedIsToldThatItWasChangedAndCanBeGivenTheNewOne() throws {
    try makeVault().addSlot(named: "ann", key: .passphrase("old"))
    let typed = try Vault(opening(.passphrase("old")))
    // Another slot's key is no matter: this one was wrapped for.
    try Vault.rotate(configuration)
    #expect(try typed.allTokens().count == 3)
    try typed.save(token(#"{"user_name":"d","access_token":"1"}"#))
    var rotation = RotationOptions()
    rotation.newPassphrase = { .text("new") }
    try Vault.rotate(opening(.passphrase("old")), rotation)
    let changed = TokenVaultError.keyChanged(path: directory.file("tokens.vault"))
    #expect(throws: changed) { try typed.allTokens() }
    #expect(throws: changed) { try typed.save(token(#"{"user_name":"e","access_token":"1"}"#)) }
    #expect(throws: TokenVaultError.self) { try typed.useKey(.passphrase("wrong")) }
    #expect(throws: changed) { try typed.allTokens() }
    try typed.useKey(.passphrase("new"))
    #expect(try typed.allTokens().count == 4)
    try typed.save(token(#"{"user_name":"e","access_token":"1"}"#))
    #expect(try Vault(configuration).allTokens().count == 5)
  }

  @Test func openStoresGoOnWhileKeysAreRotated() async throws {
    try makeVault()
    let configuration = configuration
    let isDone = Atomic(false)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<2 {
        group.addTask {
          let vault = try await Vault(configuration)
          for number in 0..<40 {
            try await vault.save(
              token(#"{"user_name":"w\#(worker)-\#(number)","access_token":"1"}"#))
            // Another store, opened anew, reads it at once.
            let user = TokenQuery(userName: "w\(worker)-\(number)")
            if try await Vault(configuration).findToken(matching: user) == nil { return 1 }
          }
          return 0
        }
      }
      for _ in 0..<20 { try await Vault.rotate(configuration) }
      isDone.store(true, ordering: .relaxed)
      for try await lost in group { #expect(lost == 0) }
    }
    #expect(try await Vault(configuration).allTokens().count == 83)
  }
}
