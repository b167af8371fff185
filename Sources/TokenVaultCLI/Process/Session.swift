import TokenVault

/// What every command knows: the vault, its key, and how to behave.
struct Session: Equatable {
  var vault: String?
  /// The keys that the command line names: one at most, else ``namedConfiguration()`` throws.
  var keys: [KeySource] = []
  /// Seconds.
  var lockTimeout = 10.0
  var json = false
  var noInput = false
  var quiet = false
  var acceptsRollback = false
  var acceptsOtherVault = false
  /// Accepts the vault's key slots, even if this host remembers others.
  var acceptsSlots = false
  var allowsSharedDirectory = false
  /// Shows on a terminal how far the work has come, if it takes its time.
  var showsProgress = false

  func configuration() throws -> VaultConfiguration { try namedConfiguration().configuration }

  /// The configuration of the vault that the command line or the environment names, and whether it is the standard one.
  func namedConfiguration() throws -> (configuration: VaultConfiguration, isStandardPath: Bool) {
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
    if showsProgress { named.configuration.onProgress = progress }
    note(try named.configuration.sharedDirectory().map { "warning: \($0)" })
    return named
  }

  /// Shows a progress; nil if none is to be shown.
  var progress: (@Sendable (VaultProgress) -> Void)? { ProgressBar.reporter(isQuiet: quiet) }

  private func prompt(
    for path: String, _ ask: @escaping @Sendable (PassphrasePrompt, String) -> PassphraseAnswer
  ) -> @Sendable ([SlotKind]) -> PassphraseAnswer {
    let prompt = PassphrasePrompt(isForbidden: noInput)
    return { kinds in
      let names = kinds.map { $0 == .recovery ? "recovery code" : $0.rawValue }
      return ask(prompt, "\(names.joined(separator: " or ")) for '\(DisplayText.oneLine(path))': ")
    }
  }

  /// A new passphrase from the first line of a descriptor, else from the terminal; warns of a weak one.
  func newPassphrase(_ name: String, descriptor: Int32?) -> PassphraseAnswer {
    let answer =
      descriptor.map(KeySource.passphraseLine)
      ?? PassphrasePrompt(isForbidden: noInput).askForNew(name)
    if case .text(let text) = answer { note(WeakPassphrase.warning(of: text)) }
    return answer
  }

  /// The same as a key; throws `noPassphrase` if there is none.
  func newPassphraseKey(_ name: String, descriptor: Int32?) throws(TokenVaultError) -> KeySource {
    switch newPassphrase(name, descriptor: descriptor) {
    case .text(let text): return .passphrase(text)
    case .none(let reason): throw .noPassphrase(reason)
    }
  }

  /// Opens the vault, which must exist; `forOneRecord` leaves the other records undecoded.
  func openVault(forOneRecord: Bool = false) throws -> Vault {
    try open(configuration(), forOneRecord: forOneRecord)
  }

  private func open(_ configuration: VaultConfiguration, forOneRecord: Bool) throws -> Vault {
    var configuration = configuration
    configuration.decodesAtOnce = !forOneRecord
    return try Vault(configuration)
  }

  /// Opens the vault; on first use creates the one at the standard path, and says so.
  ///
  /// `dryRun` runs before that, and throws if the new vault would stay empty.
  func openOrCreateVault(
    forOneRecord: Bool = false, dryRun: () throws -> Void
  ) throws -> Vault {
    let (configuration, isStandardPath) = try namedConfiguration()
    do {
      return try open(configuration, forOneRecord: forOneRecord)
    } catch TokenVaultError.noVault(_, previous: nil) where isStandardPath {
      try dryRun()
    }
    let (vault, isNew) = try Vault.openCreatingIfNeeded(configuration)
    if isNew { Protection(try vault.status()).sentencesOfNewVault.forEach(note) }
    return vault
  }

  /// Writes a message that is no error to standard error, if there is one, unless `--quiet`.
  func note(_ sentence: String?) {
    guard let sentence, !quiet else { return }
    StandardError.write("tokenvault: \(DisplayText.oneLine(sentence))")
  }
}
