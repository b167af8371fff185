internal import VaultCrypto

/// Slots that a writer changes under the lock.
///
/// This host remembers the old and the new slots before the vault is written, and one of the two after it: whichever a
/// kill leaves in the file fits what is remembered.
struct ChangingSlots {
  private let memory: HostMemory
  private let store: StoreID
  private let slots: SlotMemory

  /// Remembers `slots`, which has the old and the new.
  init(_ slots: SlotMemory, of store: StoreID, in memory: HostMemory) {
    (self.slots, self.store, self.memory) = (slots, store, memory)
    memory.remember(slots, of: store)
  }

  /// The vault has the new slots.
  func complete() {
    if slots.settled != slots { memory.remember(slots.settled, of: store) }
  }

  /// The write has failed. If the new vault is there nevertheless, both stay remembered, and the next reader decides.
  func withdraw(unless header: VaultHeader, in file: VaultFile) {
    guard slots.withdrawn != slots, let image = try? VaultReader(file),
      image.header.generation < header.generation
    else { return }
    memory.remember(slots.withdrawn, of: store)
  }
}

extension VaultAccess {
  /// Remembers the slots that a writer adds or removes; nil if it changes none, or if nothing is remembered.
  func rememberSlots(from old: VaultHeader, to new: VaultHeader) -> ChangingSlots? {
    guard old.slots != new.slots, let slots = (try? memory.slots(new.store)) ?? nil else {
      return nil
    }
    return ChangingSlots(slots.becoming(new, from: old), of: new.store, in: memory)
  }

  /// Remembers all slots of a header, because a person or a rotation vouches for them.
  func rememberSlots(accepting new: VaultHeader, _ found: UnlockedKey) -> ChangingSlots? {
    let old = (try? memory.slots(new.store)) ?? nil
    guard let accepted = try? SlotMemory(accepting: new, found, after: old) else { return nil }
    return ChangingSlots(
      old?.becoming(accepted: accepted) ?? accepted, of: new.store, in: memory)
  }
}
