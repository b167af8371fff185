import TokenVault

/// What every command knows: which vault, and how to behave.
struct Session: Equatable {
  var vault: String?
  /// What the command line names as the key: one, or none.
  var keys: [KeySource] = []
  var lockTimeout = 10.0
  var json = false
  var noInput = false
  var quiet = false
  var acceptsRollback = false
  var acceptsOtherVault = false
  /// Takes the vault's slots for right, whatever this host has seen.
  var acceptsSlots = false

  /// The vault that is meant, and whether that is the standard one.
  func configuration() throws -> (configuration: VaultConfiguration, isStandardPath: Bool) {
    if keys.count > 1 {
      throw Failure.usage("give one key, not \(keys.count)", hint: "see: tokenvault --help")
    }
    guard
      var named = VaultConfiguration.named(
        path: vault, key: keys.first, lockTimeout: .seconds(lockTimeout))
    else {
      throw Failure(
        .other, "there is no place for a vault: neither XDG_DATA_HOME nor HOME is set",
        hint: "name the vault with --vault or TOKENVAULT_FILE")
    }
    named.configuration.acceptsRollback = acceptsRollback
    named.configuration.acceptsOtherVault = acceptsOtherVault
    named.configuration.acceptsSlots = acceptsSlots
    named.configuration.onWarning = { [self] in note("warning: \($0)") }
    named.configuration.prompt = prompt(for: named.configuration.path)
    return named
  }

  /// Asks for the key of a vault, where there is someone to ask.
  private func prompt(
    for path: String
  ) -> @Sendable ([SlotKind]) -> PassphraseAnswer {
    let isForbidden = noInput
    return { kinds in
      let names = kinds.map(PassphrasePrompt.name).joined(separator: " or ")
      return PassphrasePrompt(isForbidden: isForbidden).ask(
        "\(names) for '\(DisplayText.oneLine(path))': ")
    }
  }

  /// Opens the vault, which must be there; `forOneRecord` says that the others need not be read.
  func openVault(forOneRecord: Bool = false) throws -> Vault {
    var wanted = try configuration().configuration
    wanted.decodesAtOnce = !forOneRecord
    return try Vault(wanted)
  }

  /// Opens the vault; at the standard place, makes it on first use and says so.
  ///
  /// `rehearsal` is run before one is made, and throws where there would be nothing to put into it.
  func openOrMakeVault(rehearsal: () throws -> Void) throws -> Vault {
    let (configuration, isStandardPath) = try configuration()
    do {
      return try openVault()
    } catch TokenVaultError.noVault(_, previous: nil) where isStandardPath {
      try rehearsal()
    }
    let (vault, isNew) = try Vault.openOrCreate(configuration)
    if isNew { note(Protection(try vault.status()).sentenceOfNewVault) }
    return vault
  }

  /// Says something that is no error.
  func note(_ sentence: String) {
    if !quiet { StandardError.write("tokenvault: \(DisplayText.oneLine(sentence))") }
  }
}
