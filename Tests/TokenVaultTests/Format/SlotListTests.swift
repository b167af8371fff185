import Foundation
import Testing

@testable import TokenVault
@testable import VaultCrypto

/// The MAC of each slot over the list of slots.
@Suite struct SlotListTests {
  private static let time = "2026-01-01T00:00:00.000Z"

  private static func secret(from start: UInt8) throws -> SymmetricKey {
    try SymmetricKey(copying: Array(start..<start + 32).span)
  }

  private static func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
  }

  /// A key in a file and a passphrase, and the MACs that another program has computed.
  private func vector() throws -> (header: VaultHeader, keys: [SlotKey]) {
    let derivation = PassphraseDerivation(cost: .standard, salt: Self.bytes(0x77, 16))
    let first = try SlotKey(.key, Self.secret(from: 0))
    let second = try SlotKey(.passphrase, Self.secret(from: 32), derivation: derivation)
    let keys = [first, second]
    let time = try #require(Timestamp(Self.time))
    let macs = [
      "81b9e0614e2a3052bd09c36cc35ede5ee67437c784736c83c2136447ba6f955d",
      "166c2e5ad13e33c589ad60386ff9ad62b18e6dfd9cd1d5943ae07cbe034069fd",
    ].map { Hexadecimal.decode($0[...], count: 32) ?? [] }
    let header = VaultHeader(
      store: StoreID(text: "000102030405060708090a0b0c0d0e0f"), format: .json, generation: 1,
      dataKeyID: DataKeyID(text: "1011121314151617"), dataKeyMade: time,
      slots: [
        KeySlot(
          name: "default", kind: .key, added: time, renewed: time, keyID: keys[0].id,
          publicKey: Self.bytes(0x11, 32), authenticator: Self.bytes(0x22, 104),
          wrapping: .sealed(Self.bytes(0x33, 104)), derivation: nil, mac: macs[0]),
        KeySlot(
          name: "ann", kind: .passphrase, added: time, renewed: time, keyID: keys[1].id,
          publicKey: Self.bytes(0x44, 32), authenticator: Self.bytes(0x55, 104),
          wrapping: .hpke(Self.bytes(0x66, 152)), derivation: derivation, mac: macs[1]),
      ])
    return (header, keys)
  }

  @Test func theMACsAreThoseOfAnotherProgram() throws {
    let (header, keys) = try vector()
    for (slot, key) in zip(header.slots, keys) { try header.verifySlots(by: slot, with: key) }
    for (slot, key) in zip(header.slots, keys.reversed()) {
      #expect(throws: FormatError.slotList(name: slot.name)) {
        try header.verifySlots(by: slot, with: key)
      }
    }
    let bytes = try header.encode()
    #expect(try VaultHeader.decode(bytes.span).header == header)
  }

  private func key(_ kind: SlotKind) throws -> SlotKey {
    if kind != .passphrase { return try .random(kind) }
    let derivation = try PassphraseDerivation.random(cost: .standard)
    return try SlotKey(kind, .random(), derivation: derivation)
  }

  /// A header with all kinds of slots, the key of each, and the data key.
  private func genuine() throws -> (VaultHeader, [SlotKey], DataKey) {
    let (dataKey, store) = (try DataKey.random(), try StoreID.random())
    var header = VaultHeader.make(format: .json, store: store, dataKey: dataKey, now: moment(0))
    let keys = try SlotKind.allCases.map(key)
    for key in keys { try header.addSlot(key.kind.rawValue, for: key, dataKey, now: moment(0)) }
    return (header, keys, dataKey)
  }

  private func change(
    _ slot: KeySlot, name: String? = nil, kind: SlotKind? = nil, publicKey: [UInt8]? = nil,
    authenticator: [UInt8]? = nil, wrapping: KeySlot.Wrapping? = nil, renewed: Timestamp? = nil
  ) -> KeySlot {
    KeySlot(
      name: name ?? slot.name, kind: kind ?? slot.kind, added: slot.added,
      renewed: renewed ?? slot.renewed, keyID: slot.keyID, publicKey: publicKey ?? slot.publicKey,
      authenticator: authenticator ?? slot.authenticator, wrapping: wrapping ?? slot.wrapping,
      derivation: slot.derivation, mac: slot.mac)
  }

  @Test func everyChangeOfTheListIsSeenByEverySlot() throws {
    let (header, keys, dataKey) = try genuine()
    let last = header.slots.count - 1
    let other = try DataKeyID.random()
    let changes: [(inout VaultHeader) -> Void] = [
      { $0.store = StoreID(text: other.text) }, { $0.dataKeyID = DataKeyID(text: other.text) },
      { $0.dataKeyMade = moment(5) }, { $0.slots.removeLast() },
      { $0.slots.swapAt(0, last) }, { $0.slots.append(change($0.slots[0], name: "more")) },
      { $0.slots[last] = change($0.slots[last], name: "other") },
      { $0.slots[last] = change($0.slots[last], kind: .key) },
      { $0.slots[last] = change($0.slots[last], publicKey: $0.slots[0].publicKey) },
      { $0.slots[last] = change($0.slots[last], authenticator: $0.slots[0].authenticator) },
      { $0.slots[last] = change($0.slots[last], wrapping: $0.slots[0].wrapping) },
      { $0.slots[last] = change($0.slots[last], renewed: moment(9)) },
    ]
    for (number, change) in changes.enumerated() {
      var changed = header
      change(&changed)
      for (slot, key) in zip(header.slots, keys) {
        #expect(throws: FormatError.slotList(name: slot.name), "change \(number)") {
          try changed.verifySlots(by: slot, with: key)
        }
      }
      #expect(throws: FormatError.self, "change \(number)") {
        try changed.verifySlots(with: dataKey)
      }
    }
  }

  @Test func whatIsNoPartOfTheListChangesNoMAC() throws {
    let (header, keys, dataKey) = try genuine()
    var changed = header
    (changed.generation, changed.format, changed.logExtent) = (77, .csv, 4096)
    changed.after = CompactionPoint(generation: 1, tag: Self.bytes(1, 16))
    for (slot, key) in zip(changed.slots, keys) { try changed.verifySlots(by: slot, with: key) }
    try changed.verifySlots(with: dataKey)
  }

  /// Every holder of one slot's key can rely on the list, whichever slot changed.
  @Test func aWriterThatChangesTheSlotsAuthenticatesAllOfThem() throws {
    var (header, keys, dataKey) = try genuine()
    func expectSound() throws {
      for (slot, key) in zip(header.slots, keys) { try header.verifySlots(by: slot, with: key) }
      try header.verifySlots(with: dataKey)
    }
    try expectSound()
    let before = header.slots.map(\.mac)
    keys.append(try .random(.key))
    try header.addSlot("more", for: keys[keys.count - 1], dataKey, now: moment(0))
    try expectSound()
    #expect(zip(before, header.slots).allSatisfy { $0 != $1.mac })
    keys.remove(at: 1)
    try header.removeSlot(named: header.slots[1].name, dataKey)
    try expectSound()
    let new = try DataKey.random()
    keys[0] = try .random(.key)
    try header.renew(
      from: dataKey, to: new, slot: header.slots[0].name, key: keys[0], now: moment(1))
    dataKey = new
    try expectSound()
  }

  @Test func aSlotWhoseAuthenticatorIsNotUnderTheDataKeyIsNamed() throws {
    var (header, _, dataKey) = try genuine()
    header.slots[1] = change(header.slots[1], authenticator: header.slots[0].authenticator)
    let expected = FormatError.slot(name: header.slots[1].name)
    #expect(throws: expected) { try header.authenticateSlots(with: dataKey) }
    #expect(throws: expected) {
      try header.renew(from: dataKey, to: .random(), slot: nil, key: nil, now: moment(0))
    }
  }
}
