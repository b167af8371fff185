internal import VaultCrypto

// The MACs over the list of slots: HMAC-SHA-256 (RFC 2104), one for each slot, under a key of that slot's authenticator.
// A reader that opens the vault by a slot knows by its MAC that a holder of that authenticator has written the whole list, even
// if the snapshot, which is bound to the whole header, is lost.
extension VaultHeader {
  private static let listName = Array("tokenvault/1 slot list".utf8)

  /// What each MAC is over: the store, the line of the data key, and all slots without their MACs. Without the generation,
  /// so that a save keeps the MACs.
  private var slotList: [UInt8] {
    var bytes = Self.listName
    bytes.reserveCapacity(1024)
    bytes += "\n\(store.text)\n\(dataKeyID.text) \(dataKeyMade)\n".utf8
    for slot in slots {
      slot.appendLineWithoutMAC(to: &bytes)
      bytes.append(0x0A)
    }
    return bytes
  }

  private static func mac(
    of list: [UInt8], by authenticator: SymmetricKey
  ) throws(CryptoError) -> [UInt8] {
    try HMAC.sha256(list, HKDF.key(from: authenticator, info: listName))
  }

  /// Computes all MACs anew, since the data key opens all sealed authenticators. To be called after each change of the
  /// slots or the data key.
  ///
  /// - Throws: `FormatError.slot` if the sealed authenticator of a slot was changed.
  mutating func authenticateSlots(with dataKey: DataKey) throws(FormatError) {
    let list = slotList
    for index in slots.indices {
      slots[index].mac = try mac(of: list, slots[index], dataKey)
    }
  }

  /// Verifies the MAC of the slot that a key has opened.
  ///
  /// - Throws: `FormatError.slotList` if it is wrong.
  func verifySlots(by slot: KeySlot, with key: SlotKey) throws(FormatError) {
    let expected: [UInt8]
    do { expected = try Self.mac(of: slotList, by: key.authenticator()) } catch {
      throw .crypto(error)
    }
    try Self.compare(slot, expected)
  }

  /// Verifies the MACs of all slots, for a caller that has the data key and no slot's key.
  ///
  /// - Throws: `FormatError.slotList` if one is wrong, `FormatError.slot` if a sealed authenticator was changed.
  func verifySlots(with dataKey: DataKey) throws(FormatError) {
    let list = slotList
    for slot in slots { try Self.compare(slot, mac(of: list, slot, dataKey)) }
  }

  private func mac(
    of list: [UInt8], _ slot: KeySlot, _ dataKey: DataKey
  ) throws(FormatError) -> [UInt8] {
    do {
      return try Self.mac(of: list, by: slot.openedAuthenticator(with: dataKey, store: store))
    } catch {
      throw FormatError(error) { _ in .slot(name: slot.name) }
    }
  }

  private static func compare(_ slot: KeySlot, _ expected: [UInt8]) throws(FormatError) {
    guard slot.mac.span.isEqualInConstantTime(to: expected.span) else {
      throw .slotList(name: slot.name)
    }
  }
}
