internal import VaultCrypto

// The header of the new vault, and the slot's new key.
extension KeyRotator {
  /// The header that the new key is derived for. A new passphrase gets a new salt, so that work done to guess the old one
  /// does not help against it, and the scrypt cost of today.
  func planned(_ base: Base, _ newKey: NewKey) throws(TokenVaultError) -> VaultHeader {
    var header = base.header
    guard case .passphrase = newKey else { return header }
    try TokenVaultError.wrap(
      crypto: header.renewPassphraseDerivation(cost: configuration.passphraseCost))
    return header
  }

  /// Makes the slot's key; one for a file is durable beside it when this returns.
  func makeKey(
    _ base: Base, _ planned: VaultHeader, _ newKey: NewKey
  ) throws(KeyError) -> SlotKey? {
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
    case .passphrase(let text): return try KeySource.key(passphrase: text, planned)
    case .recoveryCode(let code): return try KeySource.key(code)
    }
  }

  /// The header with the new data-encryption key, wrapped for every slot.
  func renewed(
    _ base: Base, _ planned: VaultHeader, _ dataKey: DataKey, _ key: SlotKey?
  ) throws(TokenVaultError) -> VaultHeader {
    var header = planned
    if rotation.otherSlots == .drop { try drop(base.slots.others, from: &header, base) }
    let now = configuration.now()
    if rotation.acceptsClock { header.acceptClock(now) }
    try TokenVaultError.wrap(
      crypto: header.renew(
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
      header.removeSlot(named: name)
    }
  }
}
