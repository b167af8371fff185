internal import VaultCrypto

// Copies of a vault: what may be restored.
extension VaultAccess {
  /// Runs `work`, whose errors are about a copy of a vault, and not about the vault.
  func asCopy<Result>(
    _ work: () throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    do { return try work() } catch .noVault(let path, _) {
      throw .noCopy(path: path)
    } catch .damaged(let path, let place) {
      throw .damagedCopy(path: path, place: place)
    } catch .damagedLogEntry(let path, let offset) {
      throw .damagedCopy(path: path, place: "the save at byte \(offset) was changed")
    }
  }

  /// Refuses a copy of another store than the one that is there, or that was there, unless a person has accepted it.
  func refuseOtherCopy(
    _ header: VaultHeader, _ path: String, current: StoreID?
  ) throws(TokenVaultError) {
    if configuration.acceptsOtherVault { return }
    var store = current
    do { if store == nil { store = try memory.storeAtPath() } } catch {
      throw TokenVaultError(error)
    }
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
}
