extension VaultAccess {
  /// Throws `TokenVaultError.damagedCopyKept` if a damaged vault is set aside: it may have the record that is to be removed,
  /// and may be all that is left of the others. The caller holds the lock.
  func refuseToRemoveWhileDamaged() throws(TokenVaultError) {
    let copies: [String]
    do { copies = try file.damagedCopies() } catch { throw TokenVaultError(error) }
    if let copy = copies.first { throw .damagedCopyKept(path: file.location.path, copy: copy) }
  }
}
