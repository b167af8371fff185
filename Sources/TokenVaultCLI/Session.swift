import TokenVault

/// What every command knows: which vault, and how to behave.
struct Session: Equatable {
  var vault: String?
  var keyFile: String?
  var lockTimeout = 10.0
  var json = false
  var noInput = false
  var quiet = false

  func validate() throws(Failure) {
    guard lockTimeout >= 0, lockTimeout <= 1_000_000 else {
      throw .usage("--lock-timeout must be from 0 to 1000000 seconds")
    }
    for (name, value) in [("--vault", vault), ("--key-file", keyFile)] where value == "" {
      throw .usage("\(name) must not be empty")
    }
  }

  /// The vault that is meant, and whether that is the standard one.
  func configuration() throws -> (configuration: VaultConfiguration, isStandardPath: Bool) {
    guard
      let named = VaultConfiguration.named(
        path: vault, keyFile: keyFile, lockTimeout: .seconds(lockTimeout))
    else {
      throw Failure(
        .other, "there is no place for a vault: neither XDG_DATA_HOME nor HOME is set",
        hint: "name the vault with --vault or TOKENVAULT_FILE")
    }
    return named
  }

  /// Opens the vault, which must be there.
  func openVault() throws -> Vault { try Vault(try configuration().configuration) }

  /// Opens the vault; at the standard place, makes it on first use and says so.
  ///
  /// `rehearsal` is run before one is made, and throws where there would be nothing to put into it.
  func openOrMakeVault(rehearsal: () throws -> Void) throws -> Vault {
    let (configuration, isStandardPath) = try configuration()
    do {
      return try Vault(configuration)
    } catch .noVault(_, previous: nil) where isStandardPath {
      try rehearsal()
    }
    let (vault, isNew) = try Vault.openOrCreate(configuration)
    if isNew { note(Protection.ofNewVault(try vault.status())) }
    return vault
  }

  /// Says something that is no error.
  func note(_ sentence: String) {
    if !quiet { StandardError.write("tokenvault: \(DisplayText.oneLine(sentence))") }
  }
}
