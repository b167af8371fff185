import TokenVault

/// What a vault whose key lies in a file protects against, and what not: said, and not hidden in a manual.
enum Protection {
  static let against =
    "copies and backups of the vault without its key, changed or swapped bytes, crashes, lost updates"
  static let notAgainst =
    "whoever can read the key file as well: you, root, and programs that run as you"

  static func ofNewVault(_ status: VaultStatus) -> String {
    "made the vault '\(status.path)'; its key is '\(status.keyPath)', not encrypted: the vault "
      + "protects against \(against); not against \(notAgainst)"
  }
}
