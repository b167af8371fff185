extension Vault {
  /// Reads and opens everything again, whatever was read before: the vault, what its records must be among
  /// themselves, and the previous snapshot where there is one.
  ///
  /// Throws `TokenVaultError.damaged` with the file and the place.
  public func check() throws(TokenVaultError) -> VaultStatus {
    let image = try OpenedImage(file)
    let state = try image.open(with: image.dataKey(key))
    try checkPrevious(of: state)
    return status(of: state)
  }

  private func checkPrevious(of state: VaultState) throws(TokenVaultError) {
    let previous: VaultFile
    do { previous = try VaultFile(path: file.location.previous, disk: file.disk) } catch {
      throw TokenVaultError(error)
    }
    do throws(TokenVaultError) {
      let image = try OpenedImage(previous)
      guard image.header.store == state.header.store else {
        throw TokenVaultError.damaged(
          path: previous.location.path, place: "it is the snapshot of another vault")
      }
      _ = try image.open(with: image.dataKey(key))
    } catch .noVault {
      // Before the second save, and after a delete, there is none.
    }
  }
}
