internal import VaultCrypto

/// How the slots of an opened vault differ from those that this host has accepted.
struct SlotComparison: Sendable {
  /// The names of slots that are new, that have another key, and that are gone.
  private(set) var added: [String] = []
  private(set) var changed: [String] = []
  private(set) var missing: [String] = []
  /// A slot by which this host has opened the vault, and which is gone.
  private(set) var lost: String?
  /// Whether the data key is remembered, or was wrapped with the slot's own key.
  private(set) var isDataKeyShown = true
  /// What to remember, if it differs from what is remembered.
  private(set) var update: SlotMemory?

  /// The present slots that this host has not accepted.
  var others: [String] { added + changed }
  var isEmpty: Bool { others.isEmpty && missing.isEmpty }

  /// Compares them; without a memory, all are accepted.
  init(
    _ header: VaultHeader, _ found: UnlockedKey, _ memory: SlotMemory?
  ) throws(CryptoError) {
    guard let memory, let state = memory.state(nearest: header) else {
      update = try SlotMemory(accepting: header, found, after: nil)
      return
    }
    try compare(header, found, memory, state)
    guard isDataKeyShown, lost == nil else { return }
    var next = SlotMemory(
      states: [try updated(state, header, found)], retired: memory.retired)
    next.retire(memory.states.map(\.dataKeyID), for: header.dataKeyID)
    if memory != next { update = next }
  }

  private mutating func compare(
    _ header: VaultHeader, _ found: UnlockedKey, _ memory: SlotMemory, _ state: SlotMemory.State
  ) throws(CryptoError) {
    let proven = found.isSealed ? found.slot?.name : nil
    for slot in header.slots where slot.name != proven {
      guard let old = state.slot(named: slot.name) else {
        added.append(slot.name)
        continue
      }
      if !old.isSame(as: slot) { changed.append(slot.name) }
    }
    missing = state.slots.map(\.name).filter { header.slot(named: $0) == nil }
    if memory.retired.contains(header.dataKeyID) { isDataKeyShown = false }
    // Its maker had the key of this host's slot.
    if found.isSealed { return }
    lost = state.lostSlot(in: header)
    if found.slot == nil || !isDataKeyShown { return }
    let check = try found.dataKey.check(header.store)
    isDataKeyShown = memory.states.contains {
      $0.dataKeyID == header.dataKeyID && $0.check == check
    }
  }

  /// The remembered state, with the slot and the data key that are proven.
  private func updated(
    _ old: SlotMemory.State, _ header: VaultHeader, _ found: UnlockedKey
  ) throws(CryptoError) -> SlotMemory.State {
    var state = old
    if old.dataKeyID != header.dataKeyID {
      (state.dataKeyID, state.check) = (header.dataKeyID, try found.dataKey.check(header.store))
    }
    guard let slot = found.slot else { return state }
    let own = SlotMemory.Slot(slot, isOwn: slot.isOwnOfHost)
    if let index = state.slots.firstIndex(where: { $0.name == slot.name }) {
      if found.isSealed || state.slots[index].isSame(as: slot) { state.slots[index] = own }
    } else if found.isSealed {
      state.slots.append(own)
    }
    return state
  }
}

extension SlotMemory {
  /// Accepts all slots of a header; those that have opened the vault here stay marked.
  init(
    accepting header: VaultHeader, _ found: UnlockedKey, after old: SlotMemory?
  ) throws(CryptoError) {
    var own = old?.states.last?.own ?? []
    if let slot = found.slot, slot.isOwnOfHost { own.insert(slot.name) }
    states = [try State(accepting: header, found.dataKey, own: own)]
    guard let old else { return }
    retired = old.retired
    retire(old.states.map(\.dataKeyID), for: header.dataKeyID)
  }

  /// Adds the state that a writer is about to commit; until `settled` or `withdrawn`, the vault may be in either.
  func becoming(_ new: VaultHeader, from old: VaultHeader) -> SlotMemory {
    guard let state = state(nearest: old) else { return self }
    return SlotMemory(states: [state, state.changed(from: old, to: new)], retired: retired)
  }

  /// Adds the accepted slots of a header that is about to be committed under another data key.
  func becoming(accepted new: SlotMemory) -> SlotMemory {
    SlotMemory(states: states.suffix(1) + new.states, retired: retired)
  }

  /// The commit has succeeded.
  var settled: SlotMemory {
    guard let last = states.last else { return self }
    var settled = SlotMemory(states: [last], retired: retired)
    settled.retire(states.map(\.dataKeyID), for: last.dataKeyID)
    return settled
  }
  /// The commit has failed.
  var withdrawn: SlotMemory { SlotMemory(states: Array(states.prefix(1)), retired: retired) }

  /// A slot by which this host has opened the vault, and which is gone.
  func lostSlot(in header: VaultHeader) -> String? {
    state(nearest: header)?.lostSlot(in: header)
  }
}

extension SlotMemory.State {
  fileprivate func lostSlot(in header: VaultHeader) -> String? {
    slots.first { $0.isOwn && header.slot(openedBy: $0.keyID) == nil }?.name
  }
}

extension KeySlot {
  /// Whether a host that has opened the vault by it will do so again: a recovery code is for emergencies.
  fileprivate var isOwnOfHost: Bool { kind != .recovery }

  /// Whether a holder of the slot's own key has wrapped the data key.
  var isSealed: Bool { if case .sealed = wrapping { true } else { false } }
}

extension UnlockedKey {
  /// Whether a holder of the slot's own key has wrapped the data key, so that it is proven.
  var isSealed: Bool { slot?.isSealed ?? false }
}
