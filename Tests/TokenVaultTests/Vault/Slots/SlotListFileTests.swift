import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Files whose list of slots an attacker without a key has changed.
@Suite struct SlotListFileTests {
  let directory: TemporaryDirectory
  let code: RecoveryCode
  let vault: Vault

  init() throws {
    directory = try TemporaryDirectory()
    code = try .make()
    vault = try Vault.create(directory.configuration(), recovery: code)
    for user in ["a", "b", "c"] {
      try vault.save(token(#"{"user_name":"\#(user)","access_token":"1"}"#))
    }
  }

  private var header: VaultHeader {
    get throws { try directory.header }
  }

  /// Puts a public key of a stranger into the slot for the recovery code, with a right digest.
  private func plant() throws {
    let own = Hexadecimal.encode(try SlotKey.random(.recovery).keyPair().publicKey)
    let genuine = Hexadecimal.encode(try header.slots[1].publicKey)
    try directory.changeHeader(genuine, own)
  }

  private func expectDamage(_ work: () throws -> Void) {
    let error = #expect(throws: TokenVaultError.self) { try work() }
    guard case .damaged(_, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.hasPrefix("the list of its key slots was changed"))
  }

  @Test func everySlotAndAnOpenVaultSeeThatTheListWasChanged() throws {
    try plant()
    expectDamage { _ = try Vault(directory.configuration()) }
    expectDamage { _ = try vault.allTokens() }
    expectDamage { try vault.save(token(#"{"access_token":"2"}"#)) }
    expectDamage { try Vault.rotate(directory.configuration()) }
    var configuration = directory.configuration()
    configuration.key = .recoveryCode(code.text)
    expectDamage { _ = try Vault(configuration) }
  }

  /// The snapshot, which is bound to the header, is lost: a repair must not go on with a stranger's slot.
  @Test func aRepairOfALostSnapshotRefusesAChangedList() throws {
    let configuration = directory.configuration()
    try plant()
    var bytes = try directory.bytes("tokens.vault")
    bytes[bytes.count - 1] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    let error = #expect(throws: TokenVaultError.self) {
      try Vault.repair(configuration, policy: RetentionPolicy())
    }
    guard case .irreparable(_, let place) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.hasPrefix("the list of its key slots was changed"))
    #expect(try directory.bytes("tokens.vault") == bytes)
    // The copy has the genuine slots.
    let genuine = try #require(try vault.memorizedSlots(in: configuration))
    #expect(try Vault.restore(configuration).tokens == 2)
    #expect(try header.slots.map(\.publicKey) == genuine)
  }

  @Test func savesKeepTheMACsAndOnlyTheyMaySo() throws {
    let before = try header.slots
    try vault.save(token(#"{"user_name":"d","access_token":"1"}"#))
    try vault.convert(to: .csv)
    #expect(try header.slots == before)
    try vault.addSlot(named: "web", key: .file(directory.file("web.key")))
    let added = try header.slots
    #expect(zip(before, added).allSatisfy { $0.mac != $1.mac })
    try vault.removeSlot(named: "web")
    #expect(try header.slots == before, "the same list has the same MACs")
  }

  /// The data key from the kernel's keyring opens the authenticators; see `KeySearchTests` for the keyring itself.
  @Test func aVaultThatWasOpenedWithoutASlotSeesItToo() throws {
    let (header, found) = try vault.withCurrentState { ($0.header, $0.found) }
    let bare = UnlockedKey(
      dataKey: found.dataKey, slot: nil, key: nil, source: "kernel keyring", file: nil,
      isStaged: false)
    try bare.verifySlots(of: header)
    try plant()
    let planted = try self.header
    #expect(throws: FormatError.slotList(name: "default")) { try bare.verifySlots(of: planted) }
    #expect(throws: FormatError.slotList(name: "default")) { try found.verifySlots(of: planted) }
  }
}

extension Vault {
  /// The public keys of the slots in the previous snapshot.
  fileprivate func memorizedSlots(in configuration: VaultConfiguration) throws -> [[UInt8]]? {
    let file = try configuration.previous(of: configuration.file())
    return try VaultReader(file).header.slots.map(\.publicKey)
  }
}
