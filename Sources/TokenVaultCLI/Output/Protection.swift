import TokenVault

/// What a vault with its present keys protects against, and what not: said by the command, not hidden in a manual.
struct Protection {
  private let status: VaultStatus

  init(_ status: VaultStatus) { self.status = status }

  private var hasKey: Bool { status.slots.contains { $0.kind == .key } }

  var against: String {
    "copies and backups of the vault without \(hasKey ? "its key" : "what opens it"), "
      + "changed or swapped bytes, crashes, lost updates"
  }

  var notAgainst: String {
    hasKey
      ? "anyone who can read the key file too: you, root, and programs that run as you"
      : "a passphrase that can be guessed, and programs that run as you, or root, while it is open"
  }

  var sentenceOfNewVault: String {
    let key =
      status.keyPath.map { "its key is '\($0)', not encrypted" }
      ?? "it is opened by the \(status.keySource)"
    return "created the vault '\(status.path)'; \(key): the vault protects against \(against); not "
      + "against \(notAgainst)"
  }
}
