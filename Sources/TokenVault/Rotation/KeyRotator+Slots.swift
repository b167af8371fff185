extension KeyRotator {
  /// Refuses to wrap a new data key for slots that this host has not accepted.
  func refuseOtherSlots(_ base: Base) throws(TokenVaultError) {
    if base.slots.isEmpty || rotation.otherSlots != .refuse { return }
    throw .otherSlots(
      path: access.file.location.path, slots: base.slots.others, missing: base.slots.missing)
  }

  /// Takes out the slots that this host has not accepted; never the one that has opened the vault.
  func drop(
    _ others: [String], from header: inout VaultHeader, _ base: Base
  ) throws(TokenVaultError) {
    for name in others {
      if name == base.slot?.name {
        throw .otherSlots(path: access.file.location.path, slots: [name], missing: [])
      }
      header.removeSlot(named: name)
    }
  }
}
