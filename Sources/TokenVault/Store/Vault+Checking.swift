extension Vault {
  /// Reads and opens everything again, whatever was read before: the vault, what its records must be among
  /// themselves, and the previous snapshot where there is one.
  ///
  /// Throws `TokenVaultError.damaged` with the file and the place.
  public func check() throws(TokenVaultError) -> VaultStatus {
    let image = try OpenedImage(file)
    let state = try image.open(with: image.dataKey(key))
    try Self.check(state.table, of: file)
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
      try Self.check(image.open(with: image.dataKey(key)).table, of: previous)
    } catch .noVault {
      // Before the second save, and after a delete, there is none.
    }
  }

  private static func check(
    _ table: TokenTable, of file: VaultFile
  ) throws(TokenVaultError) {
    if let fault = table.inconsistency {
      throw .damaged(path: file.location.path, place: fault)
    }
  }
}

extension TokenTable {
  /// What is wrong with the records among themselves, where something is.
  var inconsistency: String? {
    var ids: Set<ExactText> = []
    for (index, token) in tokens.enumerated() {
      let place = "its record \(index + 1)"
      guard let id = token.id, !id.isEmpty else { return "\(place) has no id" }
      guard ids.insert(ExactText(id)).inserted else { return "\(place) has the id of another" }
      guard token.revision > 0 else { return "\(place) has no revision" }
    }
    return nil
  }
}
