/// What is at a vault's path before a restore.
enum CurrentVault {
  case none
  /// A vault whose header is damaged, or of which nothing opens.
  case damaged
  /// A damaged vault with a sound header.
  case salvaged(RestorableVault)
  case open(RestorableVault)

  /// What can be read of it.
  var vault: RestorableVault? {
    switch self {
    case .none, .damaged: nil
    case .salvaged(let vault), .open(let vault): vault
    }
  }

  var target: Rewrite.Target {
    switch self {
    case .none: .absent  // Another process may have made a vault meanwhile.
    case .damaged, .salvaged: .setAside
    case .open: .replaced(previous: .keep)
    }
  }
}
