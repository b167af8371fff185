extension Vault {
  /// Reads and opens everything again, whatever was read before: the vault, what its records must be among
  /// themselves, and the previous snapshot where there is one.
  ///
  /// Throws `TokenVaultError.damaged` or `damagedLogEntry` with the file and the place, and `damagedCopy` for the previous
  /// snapshot.
  public func check() throws(TokenVaultError) -> VaultStatus {
    try Self.check(try withCurrentState { $0.access })
  }

  /// The same for a vault that is not open.
  package static func check(
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> VaultStatus {
    try check(VaultAccess(try configuration.file(), configuration))
  }

  private static func check(_ access: VaultAccess) throws(TokenVaultError) -> VaultStatus {
    var state = try VaultSession.load(access, decoded: true)
    let status = status(of: state)
    // The records of both need not be in memory at once.
    state.forgetRecords()
    try checkPrevious(of: state)
    return status
  }

  private static func checkPrevious(of state: VaultSession) throws(TokenVaultError) {
    let file = state.access.file
    let previous = try state.access.configuration.previous(of: file)
    do throws(TokenVaultError) {
      let image = try VaultReader(previous)
      guard image.header.store == state.header.store else {
        throw TokenVaultError.damagedCopy(
          path: previous.location.path, place: "it is the snapshot of another vault")
      }
      guard image.header.dataKeyID == state.header.dataKeyID else {
        // Rotated and saved since, and so not what this state had before it.
        if (try? file.isCurrent(state.version)) == false { return }
        throw TokenVaultError.damagedCopy(
          path: previous.location.path, place: "it is from before the last rotation of the keys")
      }
      _ = try image.table(with: state.found.dataKey)
    } catch .damaged(let path, let place) {
      throw .damagedCopy(path: path, place: place)
    } catch .damagedLogEntry(let path, let offset) {
      throw .damagedCopy(path: path, place: "the save at byte \(offset) was changed")
    } catch .noVault {
      // Before the second save, and after a delete or a rotation, there is none.
    }
  }
}
