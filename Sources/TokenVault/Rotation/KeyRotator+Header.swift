internal import VaultCrypto

// The header of the new vault, and the slot's new key.
extension KeyRotator {
  /// Makes the slot's key; one for a file is durable beside it when this returns.
  ///
  /// A new passphrase gets a new salt, so that work done to guess the old one does not help against it, and the scrypt cost
  /// of today.
  func makeKey(_ base: Base, _ newKey: NewKey) throws(KeyError) -> SlotKey? {
    switch newKey {
    case .kept: return base.found.key
    case .file(let file, _):
      // A key that another slot's rotation has staged there may be that slot's only one.
      if let staged = try file.readStaged(for: base.header.store),
        staged.id != base.found.key?.id, base.header.slot(openedBy: staged.id) != nil
      {
        throw .file(.alreadyThere(path: file.path))
      }
      return try file.stage(for: base.header.store)
    case .passphrase(let text):
      return try KeySource.key(newPassphrase: text, cost: configuration.passphraseCost)
    case .recoveryCode(let code): return try KeySource.key(code)
    }
  }

  /// The header with the new data-encryption key, wrapped for every slot.
  func renewed(
    _ base: Base, _ dataKey: DataKey, _ key: SlotKey?
  ) throws(TokenVaultError) -> VaultHeader {
    var header = base.header
    if rotation.otherSlots == .drop { try drop(base.slots.others, from: &header, base) }
    let now = configuration.now()
    if rotation.acceptsClock { header.acceptClock(now) }
    try TokenVaultError.wrap(
      at: access.file.location.path,
      format: header.renew(
        from: base.found.dataKey, to: dataKey, slot: base.slot?.name, key: key, now: now))
    return header
  }

  /// Removes the slots that this host has not accepted; never the one that has opened the vault.
  private func drop(
    _ others: [String], from header: inout VaultHeader, _ base: Base
  ) throws(TokenVaultError) {
    for name in others {
      if name == base.slot?.name {
        throw .otherSlots(path: access.file.location.path, slots: [name], missing: [])
      }
      header.slots.removeAll { $0.name == name }
    }
  }
}
