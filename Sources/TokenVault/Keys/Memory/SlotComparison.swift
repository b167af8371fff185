internal import VaultCrypto

/// How the slots of a vault that was opened differ from those that this host has accepted.
struct SlotComparison: Sendable {
  /// The names of slots that are new, that have another key, and that are gone.
  private(set) var added: [String] = []
  private(set) var changed: [String] = []
  private(set) var missing: [String] = []
  /// A slot by which this host has opened the vault, and whose key opens it no more.
  private(set) var lost: String?
  /// Whether the data key is the one that is remembered, or came in a way that proves itself.
  private(set) var isDataKeyShown = true
  /// What is to be remembered, if that is another than what is.
  private(set) var update: SlotMemory?

  /// The slots that are there, and that this host has not accepted.
  var others: [String] { added + changed }
  var isEmpty: Bool { others.isEmpty && missing.isEmpty }

  /// Compares; without a memory, everything is accepted.
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
    // Its maker had the key of this host's slot, or put the data key into this user's keyring.
    if found.isSealed { return }
    lost = state.lostSlot(in: header)
    if found.slot == nil || !isDataKeyShown { return }
    let check = try found.dataKey.check(header.store)
    isDataKeyShown = memory.states.contains {
      $0.dataKeyID == header.dataKeyID && $0.check == check
    }
  }

  /// What is remembered, with the slot and the data key that have proven themselves.
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
  /// All slots of a header, accepted; those that have opened the vault here stay known as such.
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

  /// The same with what a writer is about to commit: until that is settled, a vault may be either.
  func becoming(
    _ new: VaultHeader, from old: VaultHeader
  ) -> SlotMemory {
    guard let state = state(nearest: old) else { return self }
    return SlotMemory(states: [state, state.changed(from: old, to: new)], retired: retired)
  }

  /// The same with all slots of a header that is about to be committed under another data key.
  func becoming(accepted new: SlotMemory) -> SlotMemory {
    SlotMemory(states: states.suffix(1) + new.states, retired: retired)
  }

  /// What was to come has come.
  var settled: SlotMemory {
    guard let last = states.last else { return self }
    var settled = SlotMemory(states: [last], retired: retired)
    settled.retire(states.map(\.dataKeyID), for: last.dataKeyID)
    return settled
  }
  /// What was to come has not come.
  var withdrawn: SlotMemory { SlotMemory(states: Array(states.prefix(1)), retired: retired) }

  /// A slot by which this host has opened the vault, and whose key opens it no more.
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
  /// Whether a host that has opened a vault by it can be expected to do so again: a recovery code is for emergencies.
  fileprivate var isOwnOfHost: Bool { kind != .recovery }

  /// Whether the data key was wrapped by who had the slot's own key.
  var isSealed: Bool { if case .sealed = wrapping { true } else { false } }
}

extension UnlockedKey {
  /// Whether the data key came from who had the slot's own key, so that it proves itself.
  var isSealed: Bool { slot?.isSealed ?? false }
}
