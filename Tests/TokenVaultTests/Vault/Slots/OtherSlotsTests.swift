import Foundation
import Synchronization
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Who once had the data key, and can write the file.
@Suite struct OtherSlotsTests {
  let directory: TemporaryDirectory
  let code: RecoveryCode
  let warnings = Warnings()

  final class Warnings: Sendable {
    let seen = Mutex<[VaultWarning]>([])
    func take() -> [VaultWarning] {
      seen.withLock { seen in
        defer { seen = [] }
        return seen
      }
    }
  }

  /// Opens by the key file.
  var configuration: VaultConfiguration {
    var configuration = directory.configuration()
    configuration.passphraseCost = .init(exponent: 15) ?? .standard
    let warnings = warnings
    configuration.onWarning = { warning in warnings.seen.withLock { $0.append(warning) } }
    return configuration
  }

  func opening(_ source: KeySource) -> VaultConfiguration {
    var configuration = configuration
    configuration.key = source
    return configuration
  }

  var accepting: VaultConfiguration {
    var configuration = configuration
    configuration.acceptsSlots = true
    return configuration
  }

  var path: String { directory.file("tokens.vault") }

  init() throws {
    directory = try TemporaryDirectory()
    code = try RecoveryCode.make()
    try Vault.create(configuration, recovery: code).save(smallToken("a"))
  }

  func rotation(_ others: RotationOptions.OtherSlots) -> RotationOptions {
    var rotation = RotationOptions()
    rotation.otherSlots = others
    return rotation
  }

  func keepKey() -> RotationOptions {
    var rotation = RotationOptions()
    rotation.keepsKey = true
    return rotation
  }

  func put(_ bytes: [UInt8]) throws { try directory.write(bytes, to: "tokens.vault") }

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
