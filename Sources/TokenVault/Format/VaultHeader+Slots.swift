internal import VaultCrypto

extension VaultHeader {
  /// The most slots: a person can read the header still.
  static let slotLimit = 32

  /// The header of a new store, at generation 1, without a slot yet.
  static func make(
    format: RecordFormat, store: StoreID, dataKey: DataKey, now: Timestamp
  ) -> VaultHeader {
    VaultHeader(
      store: store, format: format, generation: 1, dataKeyID: dataKey.id,
      dataKeyMade: justBefore(now), passphrases: nil, slots: [])
  }

  func slot(named name: String) -> KeySlot? { slots.first { $0.name == name } }

  func slot(openedBy id: KeyID) -> KeySlot? { slots.first { $0.keyID == id } }

  /// How passphrases become KEKs in this vault; made for the first one.
  mutating func passphraseDerivation(
    cost: Scrypt.Cost
  ) throws(CryptoError) -> PassphraseDerivation {
    if let passphrases { return passphrases }
    let made = try PassphraseDerivation.random(cost: cost)
    passphrases = made
    return made
  }

  /// Makes a new derivation of passphrases at this cost, if only the passphrase that is about to be replaced depends on
  /// the old one: every other passphrase would open nothing any more.
  mutating func renewPassphraseDerivation(cost: Scrypt.Cost) throws(CryptoError) {
    guard slots.count(where: { $0.kind == .passphrase }) == 1 else { return }
    passphrases = try .random(cost: cost)
  }

  /// Adds a slot for a KEK that is at hand. The caller has checked that name and key are new.
  mutating func addSlot(
    _ name: String, for key: SlotKey, _ dataKey: DataKey, now: Timestamp
  ) throws(CryptoError) {
    slots.append(
      try .make(name, for: key, dataKey, store: store, added: now, renewed: now))
  }

  /// Removes a slot, and with the last passphrase the derivation: the next one may cost more.
  mutating func removeSlot(named name: String) {
    slots.removeAll { $0.name == name }
    if !slots.contains(where: { $0.kind == .passphrase }) { passphrases = nil }
  }

  /// Wraps a new DEK for every slot: for the named one with the given KEK, for all others without theirs.
  ///
  /// The time of the DEK never goes back: it shows that a clock is wrong.
  mutating func renew(
    from old: DataKey, to new: DataKey, slot name: String?, key: SlotKey?, now: Timestamp
  ) throws(CryptoError) {
    let now = time(at: now).stamp
    var renewed: [KeySlot] = []
    for slot in slots {
      if slot.name == name, let key {
        renewed.append(
          try .make(
            slot.name, for: key, new, store: store, added: slot.added,
            renewed: key.id == slot.keyID ? slot.renewed : now))
      } else {
        renewed.append(try slot.rewrapped(from: old, to: new, store: store))
      }
    }
    (slots, dataKeyID, dataKeyMade) = (
      renewed, new.id, max(Self.justBefore(now), dataKeyMade)
    )
  }

  /// Trusts the clock: the DEK was made while a clock was ahead.
  mutating func acceptClock(_ now: Timestamp) {
    dataKeyMade = min(dataKeyMade, Self.justBefore(now))
  }

  /// The host's clock, with what this vault knows of it.
  func time(at clock: Timestamp) -> VaultTime {
    VaultTime(clock: clock, keyMade: dataKeyMade)
  }

  /// The time of a DEK that is made now: a millisecond ago, so that no save has it. A record with exactly this time is one
  /// without a known time.
  private static func justBefore(_ now: Timestamp) -> Timestamp {
    Timestamp(millisecondsSince1970: now.millisecondsSince1970 - 1) ?? now
  }
}
