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
  var allowsSharedDirectory = false

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
    let path = named.configuration.path
    named.configuration.prompt = prompt(for: path) { $0.ask($1) }
    named.configuration.promptAgain = prompt(for: path) { $0.askAgain($1) }
    named.configuration.allowsSharedDirectory = allowsSharedDirectory
    if let warning = try named.configuration.sharedDirectory() { note("warning: \(warning)") }
    return named
  }

  /// Asks for the key of a vault, where there is someone to ask.
  private func prompt(
    for path: String, _ ask: @escaping @Sendable (PassphrasePrompt, String) -> PassphraseAnswer
  ) -> @Sendable ([SlotKind]) -> PassphraseAnswer {
    let isForbidden = noInput
    return { kinds in
      let names = kinds.map(PassphrasePrompt.name).joined(separator: " or ")
      return ask(
        PassphrasePrompt(isForbidden: isForbidden), "\(names) for '\(DisplayText.oneLine(path))': ")
    }
  }

  /// A new passphrase from the first line of a descriptor, else from the terminal; warns of one that is soon guessed.
  func newPassphrase(
    _ what: String, descriptor: Int32? = nil
  ) throws(TokenVaultError) -> PassphraseAnswer {
    let answer = try PassphrasePrompt(isForbidden: noInput).new(what, descriptor: descriptor)
    if case .text(let text) = answer, let weakness = WeakPassphrase(text) {
      note(weakness.sentence)
    }
    return answer
  }

  /// Opens the vault, which must be there; `forOneRecord` says that the others need not be read.
  func openVault(forOneRecord: Bool = false) throws -> Vault {
    try open(configuration().configuration, forOneRecord: forOneRecord)
  }

  private func open(_ configuration: VaultConfiguration, forOneRecord: Bool) throws -> Vault {
    var wanted = configuration
    wanted.decodesAtOnce = !forOneRecord
    return try Vault(wanted)
  }

  /// Opens the vault; at the standard place, makes it on first use and says so.
  ///
  /// `dryRun` is run before one is made, and throws where there would be nothing to put into it.
  func openOrMakeVault(dryRun: () throws -> Void) throws -> Vault {
    let (configuration, isStandardPath) = try configuration()
    do {
      return try open(configuration, forOneRecord: false)
    } catch TokenVaultError.noVault(_, previous: nil) where isStandardPath {
      try dryRun()
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
