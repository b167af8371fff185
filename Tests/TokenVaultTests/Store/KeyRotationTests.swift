import Foundation
import Synchronization
import Testing

@testable import TokenVault
@testable import VaultCrypto

@Suite struct KeyRotationTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration {
    var configuration = directory.configuration()
    configuration.passphraseCost = Scrypt.Cost(exponent: 15) ?? .standard
    return configuration
  }

  init() throws { directory = try TemporaryDirectory() }

  @discardableResult
  private func makeVault(
    _ format: RecordFormat = .json, recovery: RecoveryCode? = nil
  ) throws -> Vault {
    let vault = try Vault.create(configuration, format: format, recovery: recovery)
    for user in ["a", "b", "c"] {
      try vault.save(token(#"{"user_name":"\#(user)","access_token":"1","note":"x\"\n,y"}"#))
    }
    return vault
  }

  private func opening(_ source: KeySource) -> VaultConfiguration {
    var configuration = configuration
    configuration.key = source
    return configuration
  }

  private func keepKey() -> RotationOptions {
    var rotation = RotationOptions()
    rotation.keepsKey = true
    return rotation
  }

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
    let parts = try VaultImage.parse(new.span, size: Int64(new.count))
    let snapshot = Array(new[parts.snapshotStart...])
    #expect(throws: FormatError.self) {
      try VaultImage.open(snapshot.span, parts, dataKey: oldDataKey)
    }
    // A copy of the old header before the new snapshot.
    let oldParts = try VaultImage.parse(oldVault.span, size: Int64(oldVault.count))
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
    var second = configuration
    second.path = directory.file("second")
    #expect(throws: TokenVaultError.self) { try Vault.rotate(second) }
    // The same name by another way is the same vault, and its names are taken by any way.
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("alias"), withDestinationPath: ".")
    var alias = configuration
    alias.path = directory.file("alias/tokens.vault")
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
    var copy = configuration
    copy.path = directory.file("copy")
    try Vault.rotate(copy, keepKey())
    #expect(throws: TokenVaultError.self) { try Vault.rotate(copy) }
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

  @Test func aCopyOfAVaultDoesNotTakeTheKeyOfTheOriginal() throws {
    try makeVault()
    try directory.write(directory.bytes("tokens.vault"), to: "copy")
    var copy = configuration
    copy.path = directory.file("copy")
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
    var moved = configuration
    moved.path = directory.file("moved")
    try Vault.rotate(moved)
    #expect(try Vault(moved).allTokens().count == 3)
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
          let vault = try Vault(configuration)
          for number in 0..<40 {
            try vault.save(token(#"{"user_name":"w\#(worker)-\#(number)","access_token":"1"}"#))
            // Another store, opened anew, reads it at once.
            let user = TokenQuery(userName: "w\(worker)-\(number)")
            if try Vault(configuration).findToken(matching: user) == nil { return 1 }
          }
          return 0
        }
      }
      for _ in 0..<20 { try Vault.rotate(configuration) }
      isDone.store(true, ordering: .relaxed)
      for try await lost in group { #expect(lost == 0) }
    }
    #expect(try Vault(configuration).allTokens().count == 83)
  }

  // MARK: Kills and errors

  enum Way: CaseIterable, Sendable { case inPlace, keepKey, newFile }

  private func rotation(_ way: Way) -> RotationOptions {
    var rotation = RotationOptions()
    rotation.keepsKey = way == .keepKey
    if way == .newFile { rotation.newKeyFile = directory.file("new.key") }
    return rotation
  }

  /// The configurations one of which must open the vault after a rotation that came to no end.
  private func openings(_ way: Way) -> [VaultConfiguration] {
    way == .newFile
      ? [configuration, opening(.file(directory.file("new.key")))] : [configuration]
  }

  private func restore(_ files: [String: [UInt8]]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
    for (name, bytes) in files { try directory.write(bytes, to: name) }
  }

  private func files() throws -> [String: [UInt8]] {
    try Dictionary(
      uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: directory.path).map {
        ($0, try directory.bytes($0))
      })
  }

  private func calls(_ way: Way) throws -> [String] {
    let disk = CuttingDisk()
    var configuration = configuration
    configuration.disk = disk
    try Vault.rotate(configuration, rotation(way))
    return disk.calls
  }

  @Test(arguments: Way.allCases)
  func aKillAtAnyCallLeavesAVaultThatOpensAndARotationThatCanBeDone(_ way: Way) throws {
    try makeVault()
    let before = try files()
    let calls = try calls(way)
    #expect(calls.count > 30)
    for call in 1...calls.count {
      try restore(before)
      var killed = configuration
      killed.disk = CuttingDisk(cutAt: call)
      _ = try? Vault.rotate(killed, rotation(way))
      let opened = openings(way).compactMap { try? Vault($0) }
      let vault = try #require(opened.first, "killed before \(calls[call - 1]) (\(call))")
      #expect(try vault.allTokens().count == 3)
      try vault.save(token(#"{"user_name":"d","access_token":"1"}"#))
      #expect(try vault.allTokens().count == 4)
      // To the end this time, and nothing is left lying about.
      var again = RotationOptions()
      again.keepsKey = way == .keepKey
      try vault.rotate(again)
      let path = try #require(try vault.status().keyPath)
      #expect(try Vault(opening(.file(path))).allTokens().count == 4)
      let left = try directory.names.filter {
        $0.hasSuffix(".new") || $0.hasSuffix(".staged") || $0.hasSuffix(".check")
      }
      #expect(left.isEmpty || way == .newFile && left.count == 1, "\(left)")
      #expect(try !directory.names.contains("tokens.vault.previous"))
    }
  }

  @Test(arguments: Way.allCases)
  func anErrorAtAnyCallLeavesAVaultThatOpens(_ way: Way) throws {
    try makeVault()
    let before = try files()
    let calls = try calls(way)
    for call in 1...calls.count {
      for errno in [ENOSPC, EIO] {
        try restore(before)
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        var failing = configuration
        failing.disk = disk
        let result = Result { try Vault.rotate(failing, rotation(way)) }
        let isRenamed = disk.calls.prefix(call - 1).contains("rename")
        if !isRenamed, calls[call - 1] != "overwrite" {
          #expect(throws: TokenVaultError.self, "\(calls[call - 1]) (\(call))") {
            try result.get()
          }
          // As it was, with its key, and without a trace of another.
          #expect(try directory.bytes("tokens.vault") == before["tokens.vault"])
          #expect(try directory.bytes("tokens.vault.key") == before["tokens.vault.key"])
          #expect(
            try directory.names.allSatisfy { !$0.hasSuffix(".new") && !$0.hasSuffix(".staged") })
        }
        let opened = openings(way).compactMap { try? Vault($0) }
        #expect(try opened.first?.allTokens().count == 3, "\(calls[call - 1]) (\(call))")
      }
    }
  }

  @Test func theNewKeyIsDurableBeforeTheVaultNeedsItAndTheOldOneGoesLast() throws {
    try makeVault()
    let calls = try calls(.inPlace).filter {
      !["fstat", "lstat", "read", "lock", "open reading", "open readingThroughLinks"].contains($0)
        && !$0.contains("generation") && $0 != "overwrite" && $0 != "readdir"
    }
    #expect(
      calls == [
        "link", "unlink", "open locking",
        "open creatingUnnamed", "write", "fsync", "linkat", "open directory", "fsync",
        "open creating", "write", "write", "write", "fsync", "unlink", "unlink", "rename",
        "open directory", "fsync",
        "rename", "open directory", "fsync",
      ])
  }
}
