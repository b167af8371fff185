extension VaultFile {
  /// The damaged vaults that were set aside, and are still there.
  package func damagedCopies() throws(FileError) -> [String] {
    var copies: [String] = []
    for path in location.damagedPlaces {
      let status = try FileError.disk(at: path) { () throws(DiskError) in
        try disk.status(of: path)
      }
      if status != nil { copies.append(path) }
    }
    return copies
  }

  /// Links a damaged vault to a second name, and returns that: so it is still there when another takes its place.
  ///
  /// The name survives a power cut before the vault's does, and is none that another damaged vault has. One that was set
  /// aside already, before a kill, keeps the name that it has. The caller holds the lock.
  package func setAside() throws(FileError) -> String {
    for path in location.damagedPlaces {
      let isSetAside = try FileError.disk(at: path) { () throws(DiskError) in
        guard let other = try disk.status(of: path) else {
          try disk.link(location.path, to: path)
          return true
        }
        return try disk.status(of: location.path)?.isSameFile(as: other) ?? false
      }
      guard isSetAside else { continue }
      try synchronizeDirectory()
      return path
    }
    throw .alreadyThere(path: location.damagedPlaces.last ?? location.damaged)
  }

  /// Removes what was set aside, and returns the paths. The caller holds the lock.
  package func discardDamaged() throws(FileError) -> [String] {
    let copies = try damagedCopies()
    for path in copies {
      try FileError.disk(at: path) { () throws(DiskError) in try disk.remove(path) }
    }
    if !copies.isEmpty { try synchronizeDirectory() }
    return copies
  }
}
