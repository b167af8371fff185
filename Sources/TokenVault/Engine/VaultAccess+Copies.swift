internal import VaultCrypto

// What this host has seen of the vault, and a copy that is to be restored.
extension VaultAccess {
  /// Refuses a copy of another store than the one that is there, or that was there, unless a person has said so.
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

  /// Refuses a copy under a data key that a rotation has replaced, or that nothing vouches for: who had that key once can
  /// have made it.
  func refuseUnprovenCopy(
    _ header: VaultHeader, _ found: UnlockedKey, _ path: String
  ) throws(TokenVaultError) {
    let slots: SlotMemory?
    do { slots = try memory.slots(header.store) } catch { throw TokenVaultError(error) }
    let isShown: Bool
    do { isShown = try SlotComparison(header, found, slots).isDataKeyShown } catch {
      throw TokenVaultError(error)
    }
    if !isShown { throw .unprovenCopy(path: path) }
  }
}
