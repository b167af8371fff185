import Foundation
import Synchronization
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Who once had the data key, and can write the file.
@Suite struct OtherSlotsTests {
  let directory: TemporaryDirectory
  let code: RecoveryCode
  private let warnings = Warnings()

  private final class Warnings: Sendable {
    let seen = Mutex<[VaultWarning]>([])
    func take() -> [VaultWarning] {
      seen.withLock { seen in
        defer { seen = [] }
        return seen
      }
    }
  }

  /// Opens by the key file.
  private var configuration: VaultConfiguration {
    var configuration = directory.configuration()
    configuration.passphraseCost = .init(exponent: 15) ?? .standard
    let warnings = warnings
    configuration.onWarning = { warning in warnings.seen.withLock { $0.append(warning) } }
    return configuration
  }

  private func opening(_ source: KeySource) -> VaultConfiguration {
    var configuration = configuration
    configuration.key = source
    return configuration
  }

  private var accepting: VaultConfiguration {
    var configuration = configuration
    configuration.acceptsSlots = true
    return configuration
  }

  private var path: String { directory.file("tokens.vault") }

  init() throws {
    directory = try TemporaryDirectory()
    code = try RecoveryCode.make()
    try Vault.create(configuration, recovery: code).save(smallToken("a"))
  }

  private func rotation(_ others: RotationOptions.OtherSlots) -> RotationOptions {
    var rotation = RotationOptions()
    rotation.otherSlots = others
    return rotation
  }

  private func keepKey() -> RotationOptions {
    var rotation = RotationOptions()
    rotation.keepsKey = true
    return rotation
  }

  private func put(_ bytes: [UInt8]) throws { try directory.write(bytes, to: "tokens.vault") }

  // MARK: A planted slot

  @Test(arguments: ["recovery", "more"])
  func aPlantedSlotIsWarnedOfAndMarkedAndNoRotationWrapsForIt(_ slot: String) throws {
    let attacker = try Attacker(havingOpened: configuration)
    let planted = try attacker.planted(in: slot, of: Vault(configuration))
    try put(planted)
    #expect(warnings.take().isEmpty)
    let vault = try Vault(configuration)
    #expect(warnings.take() == [.otherSlots(path: path, slots: [slot], missing: [])])
    #expect(try vault.slots().filter { !$0.isAccepted }.map(\.name) == [slot])
    for rotation in [RotationOptions(), keepKey()] {
      #expect(throws: TokenVaultError.otherSlots(path: path, slots: [slot], missing: [])) {
        try Vault.rotate(configuration, rotation)
      }
    }
    #expect(throws: TokenVaultError.otherSlots(path: path, slots: [slot], missing: [])) {
      try vault.rotate()
    }
    #expect(try directory.bytes("tokens.vault") == planted)
    #expect(try Vault.rotate(configuration, rotation(.drop)).dropped == [slot])
    try Vault(configuration).save(smallToken("b"))
    #expect(try !attacker.canRead(directory))
    _ = warnings.take()
    #expect(try Vault(configuration).slots().allSatisfy(\.isAccepted))
    #expect(warnings.take().isEmpty)
  }

  @Test func whoAcceptsThemAcceptsThemForAllUntilTheyChangeAgain() throws {
    let attacker = try Attacker(havingOpened: configuration)
    try put(try attacker.planted(in: "other", of: Vault(configuration)))
    #expect(try Vault(accepting).slots().allSatisfy(\.isAccepted))
    _ = warnings.take()
    #expect(try Vault(configuration).allTokens().count == 1)
    #expect(warnings.take().isEmpty)
    try Vault.rotate(configuration)
    #expect(try Vault(configuration).slots().map(\.name) == ["default", "recovery", "other"])
  }

  @Test func aRotationCanAcceptThem() throws {
    let attacker = try Attacker(havingOpened: configuration)
    try put(try attacker.planted(in: "other", of: Vault(configuration)))
    try Vault.rotate(configuration, rotation(.accept))
    _ = warnings.take()
    #expect(try Vault(configuration).slots().allSatisfy(\.isAccepted))
    #expect(warnings.take().isEmpty)
  }

  @Test func whatThisHostAddsAndRemovesIsNoAlarm() throws {
    let vault = try Vault(configuration)
    try vault.addSlot(named: "two", key: .file(directory.file("two.key")))
    try vault.removeSlot(named: "recovery")
    try vault.rotate(keepKey())
    try vault.rotate()
    #expect(try Vault(opening(.file(directory.file("two.key")))).slots().allSatisfy(\.isAccepted))
    #expect(warnings.take().isEmpty)
  }

  // MARK: A data key that nothing vouches for

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

  /// By the key file once, and whoever had the old data key and header reads nothing more, and makes nothing that this
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

  // MARK: Rotations elsewhere

  @Test func aRotationWithAnotherStateDirectoryIsNoAlarmForWhoHasTheKeyFile() throws {
    var timer = configuration
    let state = directory.file("root")
    timer.locations = StandardLocations { $0 == "TOKENVAULT_STATE_DIR" ? state : nil }
    let open = try Vault(configuration)
    try Vault.rotate(timer)
    try Vault(timer).save(smallToken("b"))
    #expect(try open.allTokens().count == 2)
    #expect(try Vault(configuration).allTokens().count == 2)
    // By the proven one, the data key is known for the others too.
    #expect(try Vault(opening(.recoveryCode(code.text))).allTokens().count == 2)
    #expect(warnings.take().isEmpty)
  }

  @Test func whatIsNotRememberedIsNotCompared() throws {
    var blind = configuration
    blind.locations = StandardLocations { _ in nil }
    let attacker = try Attacker(havingOpened: blind)
    try put(try attacker.forged(generation: 50))
    #expect(try Vault(blind).allTokens().first?.userName == "evil")
    #expect(try !Vault(blind).status().isRemembered)
  }
}
