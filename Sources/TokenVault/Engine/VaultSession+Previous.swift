extension VaultSession {
  /// Opens the previous snapshot, if there is one, with the key of the vault.
  ///
  /// - Throws: ``TokenVaultError/damagedCopy(path:place:)``, also if it is no snapshot of this vault.
  func checkPrevious() throws(TokenVaultError) {
    let file = access.file
    let previous = try access.configuration.previous(of: file)
    do throws(TokenVaultError) {
      let image = try VaultReader(previous)
      guard image.header.store == header.store else {
        throw TokenVaultError.damagedCopy(
          path: previous.location.path, place: "it is the snapshot of another vault")
      }
      guard image.header.dataKeyID == header.dataKeyID else {
        // If the vault was rotated and saved since, the snapshot is not the one before this version.
        if (try? file.isCurrent(version)) == false { return }
        throw TokenVaultError.damagedCopy(
          path: previous.location.path, place: "it is from before the last rotation of the keys")
      }
      _ = try image.table(with: found.dataKey)
    } catch .noVault {
      // Before the second save, and after a delete or a rotation, there is none.
    }
  }
}
