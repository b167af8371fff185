package import VaultCrypto

extension VaultHeader {
  /// More would make a header that nobody can read.
  package static let slotLimit = 32

  /// The header of a new store, at generation 1, without a slot yet.
  package static func make(
    format: RecordFormat, store: StoreID, dataKey: DataKey, now: Timestamp
  ) -> VaultHeader {
    VaultHeader(
      store: store, format: format, generation: 1, dataKeyID: dataKey.id,
      dataKeyMade: justBefore(now), passphrases: nil, slots: [])
  }

  /// The slot with this name.
  package func slot(named name: String) -> KeySlot? { slots.first { $0.name == name } }

  /// The slot that this key opens.
  package func slot(openedBy id: KeyID) -> KeySlot? { slots.first { $0.keyID == id } }

  /// How passphrases become keys here; made at the first one.
  package mutating func passphraseDerivation(
    cost: Scrypt.Cost
  ) throws(CryptoError) -> PassphraseDerivation {
    if let passphrases { return passphrases }
    let made = try PassphraseDerivation.random(cost: cost)
    passphrases = made
    return made
  }

  /// Makes passphrases become keys in a new way, at this cost, if no passphrase but the one that is about to be replaced
  /// depends on the old way: every other one would open nothing any more.
  package mutating func renewPassphraseDerivation(cost: Scrypt.Cost) throws(CryptoError) {
    guard slots.count(where: { $0.kind == .passphrase }) == 1 else { return }
    passphrases = try .random(cost: cost)
  }

  /// Adds a slot for a key that is at hand. The caller has checked that name and key are new.
  package mutating func addSlot(
    _ name: String, for key: SlotKey, _ dataKey: DataKey, now: Timestamp
  ) throws(CryptoError) {
    slots.append(
      try .make(name, for: key, dataKey, store: store, added: now, renewed: now))
  }

  /// Removes a slot, and with the last passphrase how they become keys: the next one may cost more.
  package mutating func removeSlot(named name: String) {
    slots.removeAll { $0.name == name }
    if !slots.contains(where: { $0.kind == .passphrase }) { passphrases = nil }
  }

  /// Wraps a new data key for every slot: for the one named, with the key given for it; for all others,
  /// without theirs. The time of the data key never goes back: it is what shows that a clock is wrong.
  package mutating func renew(
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

  /// Takes the clock for right: the data key was made while it was ahead.
  package mutating func acceptClock(_ now: Timestamp) {
    dataKeyMade = min(dataKeyMade, Self.justBefore(now))
  }

  /// What the clock of the host says, and what this vault knows of it.
  package func time(at clock: Timestamp) -> VaultTime {
    VaultTime(clock: clock, keyMade: dataKeyMade)
  }

  /// The time of a data key that is made now: nothing can be saved at the same moment, so that what is stamped with
  /// exactly this time is what has no known one.
  private static func justBefore(_ now: Timestamp) -> Timestamp {
    Timestamp(millisecondsSince1970: now.millisecondsSince1970 - 1) ?? now
  }
}
