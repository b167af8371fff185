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
      dataKeyMade: justBefore(now), slots: [])
  }

  func slot(named name: String) -> KeySlot? { slots.first { $0.name == name } }

  func slot(openedBy id: KeyID) -> KeySlot? { slots.first { $0.keyID == id } }

  /// Adds a slot for a KEK that is at hand. The caller has checked that name and key are new.
  mutating func addSlot(
    _ name: String, for key: SlotKey, _ dataKey: DataKey, now: Timestamp
  ) throws(FormatError) {
    do {
      slots.append(
        try .make(name, for: key, dataKey, store: store, added: now, renewed: now))
    } catch {
      throw .crypto(error)
    }
    try authenticateSlots(with: dataKey)
  }

  /// Removes a slot.
  mutating func removeSlot(named name: String, _ dataKey: DataKey) throws(FormatError) {
    slots.removeAll { $0.name == name }
    try authenticateSlots(with: dataKey)
  }

  /// Wraps a new DEK for every slot: for the named one with the given KEK, for all others without theirs.
  ///
  /// The time of the DEK never goes back: it shows that a clock is wrong.
  mutating func renew(
    from old: DataKey, to new: DataKey, slot name: String?, key: SlotKey?, now: Timestamp
  ) throws(FormatError) {
    let now = time(at: now).stamp
    for (index, slot) in slots.enumerated() {
      do {
        slots[index] =
          if slot.name == name, let key {
            try .make(
              slot.name, for: key, new, store: store, added: slot.added,
              renewed: key.id == slot.keyID ? slot.renewed : now)
          } else {
            try slot.rewrapped(from: old, to: new, store: store)
          }
      } catch {
        throw FormatError(error) { _ in .slot(name: slot.name) }
      }
    }
    (dataKeyID, dataKeyMade) = (new.id, max(Self.justBefore(now), dataKeyMade))
    try authenticateSlots(with: new)
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
