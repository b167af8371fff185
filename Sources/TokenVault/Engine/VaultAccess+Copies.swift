internal import VaultCrypto

// Copies of a vault: what may be restored, and what repairs have set aside.
extension VaultAccess {
  /// Runs `work`, whose errors are about a copy of a vault, and not about the vault.
  func asCopy<Value>(
    _ work: () throws(TokenVaultError) -> Value
  ) throws(TokenVaultError) -> Value {
    try Result(catching: work).mapError { error -> TokenVaultError in
      switch error {
      case .noVault(let path, _): .noCopy(path: path)
      case .damaged(let path, let place): .damagedCopy(path: path, place: place)
      case .damagedLogEntry(let path, let offset):
        .damagedCopy(path: path, place: "the save at byte \(offset) was changed")
      default: error
      }
    }.get()
  }

  /// Refuses a copy of another store than the one that is there, or that was there, unless a person has accepted it.
  func refuseOtherCopy(
    _ header: VaultHeader, _ path: String, current: StoreID?
  ) throws(TokenVaultError) {
    if configuration.acceptsOtherVault { return }
    let store = try TokenVaultError.wrap(
      file: current == nil ? memory.storeAtPath() : current)
    guard let store, store != header.store else { return }
    throw .otherCopy(
      path: path, vault: file.location.path, seen: store.text, found: header.store.text)
  }

  /// Refuses a copy under a data-encryption key that a rotation has replaced, or that nothing vouches for: a former
  /// holder of that key can have made the copy.
  func refuseUnprovenCopy(
    _ header: VaultHeader, _ found: UnlockedKey, _ path: String
  ) throws(TokenVaultError) {
    let slots = try TokenVaultError.wrap(file: memory.slots(header.store))
    let isShown = try TokenVaultError.wrap(
      crypto: SlotComparison(header, found, slots).isDataKeyShown)
    if !isShown { throw .unprovenCopy(path: path) }
  }

  /// Throws `TokenVaultError.damagedCopyKept` if a damaged vault is set aside: it may have the record that is to be removed,
  /// and may be all that is left of the others. The caller holds the lock.
  func refuseToRemoveWhileDamaged() throws(TokenVaultError) {
    let copies = try TokenVaultError.wrap(file: file.damagedCopies())
    if let copy = copies.first { throw .damagedCopyKept(path: file.location.path, copy: copy) }
  }
}
