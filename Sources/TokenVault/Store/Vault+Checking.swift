extension Vault {
  /// Reads and opens everything again, whatever was read before: the vault, what its records must be among
  /// themselves, and the previous snapshot where there is one.
  ///
  /// Throws `TokenVaultError.damaged` with the file and the place.
  public func check() throws(TokenVaultError) -> VaultStatus {
    let image = try OpenedImage(file)
    let state = try image.open(with: image.dataKey(key))
    if let fault = state.table.inconsistency {
      throw .damaged(path: file.location.path, place: fault)
    }
    try checkPrevious()
    return try status()
  }

  private func checkPrevious() throws(TokenVaultError) {
    do {
      let previous = try VaultFile(path: file.location.previous, disk: file.disk)
      let image = try OpenedImage(previous)
      _ = try image.open(with: image.dataKey(key))
    } catch let error as FileError {
      throw TokenVaultError(error)
    } catch let error as TokenVaultError {
      if case .noVault = error { return }
      throw error
    } catch {
      throw .cryptography("\(error)")
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
