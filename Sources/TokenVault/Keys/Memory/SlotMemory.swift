internal import VaultCrypto

/// The slots of a vault as this host has accepted them, and a check value of its data key.
///
/// A former holder of the data key can wrap another one for every slot that a rotation did not renew, and a present
/// holder can add a slot of his own. The header does not show it; this does.
struct SlotMemory: Sendable, Equatable {
  struct Slot: Sendable, Equatable {
    let name: String
    let kind: SlotKind
    let keyID: KeyID
    let publicKey: [UInt8]
    /// Whether this host has opened the vault by it.
    var isOwn: Bool
  }

  /// A header's slots and data key.
  struct State: Sendable, Equatable {
    var dataKeyID: DataKeyID
    /// 16 bytes that only a holder of the data key can compute.
    var check: [UInt8]
    var slots: [Slot]

    func slot(named name: String) -> Slot? { slots.first { $0.name == name } }
  }

  /// The newest last. There are two while a writer changes them: a kill leaves a vault that matches one of them.
  var states: [State]
  /// Data keys that were replaced, the latest last. In an old header, even a slot's own key still wraps them.
  var retired: [DataKeyID] = []

  /// How many rotations are remembered.
  private static let retiredLimit = 1000

  /// Remembers that data keys were replaced.
  mutating func retire(_ old: some Sequence<DataKeyID>, for new: DataKeyID) {
    for id in old where id != new && !retired.contains(id) { retired.append(id) }
    retired = retired.filter { $0 != new }.suffix(Self.retiredLimit)
  }

  /// The state that matches a header, or the nearest one.
  func state(nearest header: VaultHeader) -> State? {
    let sameKey = states.filter { $0.dataKeyID == header.dataKeyID }
    let same = sameKey.first { state in
      state.slots.count == header.slots.count
        && header.slots.allSatisfy { state.slot(named: $0.name)?.isSame(as: $0) ?? false }
    }
    return same ?? sameKey.last ?? states.last
  }
}

extension SlotMemory.Slot {
  init(_ slot: KeySlot, isOwn: Bool) {
    self.init(
      name: slot.name, kind: slot.kind, keyID: slot.keyID, publicKey: slot.publicKey, isOwn: isOwn)
  }

  func isSame(as slot: KeySlot) -> Bool { self == SlotMemory.Slot(slot, isOwn: isOwn) }
}

extension SlotMemory.State {
  /// The slots of a header, all accepted; `own` are the names of those that have opened the vault here.
  init(
    accepting header: VaultHeader, _ dataKey: DataKey, own: Set<String>
  ) throws(CryptoError) {
    dataKeyID = header.dataKeyID
    check = try dataKey.check(header.store)
    slots = header.slots.map { SlotMemory.Slot($0, isOwn: own.contains($0.name)) }
  }

  /// The names of the slots that have opened the vault here.
  var own: Set<String> { Set(slots.filter(\.isOwn).map(\.name)) }

  /// The state after a writer has added or removed slots.
  func changed(from old: VaultHeader, to new: VaultHeader) -> SlotMemory.State {
    var state = self
    state.slots.removeAll { new.slot(named: $0.name) == nil && old.slot(named: $0.name) != nil }
    state.slots += new.slots.filter { old.slot(named: $0.name) == nil }
      .map { SlotMemory.Slot($0, isOwn: false) }
    return state
  }
}

extension DataKey {
  /// The check value that this host keeps: 16 bytes of HKDF-Expand-SHA-512 (RFC 5869).
  func check(_ store: StoreID) throws(CryptoError) -> [UInt8] {
    let info = Array("tokenvault/1 remembered data key\n\(store.text)".utf8)
    return try HKDF.expand(secret, info: info, count: 16).withSpan { $0.array }
  }
}
