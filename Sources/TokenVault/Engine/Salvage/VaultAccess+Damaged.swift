extension VaultAccess {
  /// Throws `TokenVaultError.damagedCopyKept` if a damaged vault is set aside: it may have the record that is to be removed,
  /// and may be all that is left of the others. The caller holds the lock.
  func refuseToRemoveWhileDamaged() throws(TokenVaultError) {
    let copies = try TokenVaultError.wrap(file: file.damagedCopies())
    if let copy = copies.first { throw .damagedCopyKept(path: file.location.path, copy: copy) }
  }
}
