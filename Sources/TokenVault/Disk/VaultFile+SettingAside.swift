extension VaultFile {
  /// The paths of the damaged vaults that were set aside, and are still there.
  func damagedCopies() throws(FileError) -> [String] {
    var copies: [String] = []
    for path in location.damagedPlaces where try disk.isThere(path) { copies.append(path) }
    return copies
  }

  /// Links a damaged vault to a second name, and returns that, so that it survives its replacement. Under the writer
  /// lock.
  ///
  /// The name is durable before the replacement is, and no other damaged vault has it. A vault that was set aside
  /// before a kill keeps its name.
  func setAside() throws(FileError) -> String {
    for path in location.damagedPlaces where try isSetAside(to: path) {
      try synchronizeDirectory()
      return path
    }
    throw .alreadyThere(path: location.damagedPlaces.last ?? location.damaged)
  }

  private func isSetAside(to path: String) throws(FileError) -> Bool {
    if let other = try disk.status(of: path) { return try disk.leads(location.path, to: other) }
    try disk.link(location.path, to: path)
    return true
  }

  /// Removes what was set aside, and returns the paths. Under the writer lock.
  func discardDamaged() throws(FileError) -> [String] {
    let copies = try damagedCopies()
    for path in copies { try disk.remove(path) }
    if !copies.isEmpty { try synchronizeDirectory() }
    return copies
  }
}
