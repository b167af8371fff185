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

  /// What is said of a new vault, a line each; `status` says it in full.
  var sentencesOfNewVault: [String] {
    [
      "created the vault '\(status.path)'",
      status.keyPath.map { "its key is '\($0)', not encrypted" }
        ?? "it is opened by the \(status.keySource)",
      "protects copies and backups, "
        + (hasKey
          ? "not against readers of the key file" : "unless the passphrase can be guessed"),
    ]
  }
}
