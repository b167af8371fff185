import ArgumentParser
import TokenVault

/// Where the key is that opens the vault.
struct KeyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A file with the vault's key.", valueName: "path"))
  var keyFile: String?

  @OptionGroup var streams: KeyStreamOptions

  @Option(
    help: ArgumentHelp("A credential with the key, in $CREDENTIALS_DIRECTORY.", valueName: "name"))
  var credential: String?

  func validate() throws {
    try KeyStreamOptions.refuseSeveral(streams.sources + files)
    for (name, value) in [("--key-file", keyFile), ("--credential", credential)] where value == ""
    {
      throw ValidationError("\(name) must not be empty")
    }
  }

  private var files: [KeySource] {
    [keyFile.map { .file($0) }, credential.map { .credential($0) }].compactMap(\.self)
  }

  /// Nil where the command line does not say.
  var source: KeySource? { (streams.sources + files).first }
}

/// Those of them whose key is in no file.
struct KeyStreamOptions: ParsableArguments {
  @Option(help: ArgumentHelp("An open descriptor to read the key from.", valueName: "n"))
  var keyFd: Int32?

  @Option(
    help: ArgumentHelp("A command that prints the key, within 3 seconds.", valueName: "command"))
  var keyCommand: String?

  @Option(help: ArgumentHelp("An open descriptor with the passphrase in a line.", valueName: "n"))
  var passphraseFd: Int32?

  @Option(
    help: ArgumentHelp("An open descriptor with a recovery code in a line.", valueName: "n"))
  var recoveryFd: Int32?

  func validate() throws {
    for (name, descriptor) in [
      ("--key-fd", keyFd), ("--passphrase-fd", passphraseFd), ("--recovery-fd", recoveryFd),
    ] {
      if let descriptor, descriptor < 0 { throw ValidationError("\(name) must not be negative") }
    }
    if keyCommand == "" { throw ValidationError("--key-command must not be empty") }
  }

  var sources: [KeySource] {
    [
      keyFd.map { .descriptor($0) }, keyCommand.map { .command($0) },
      passphraseFd.map { .passphraseDescriptor($0) },
      recoveryFd.map { .recoveryCodeDescriptor($0) },
    ].compactMap(\.self)
  }

  static func refuseSeveral(_ sources: [KeySource]) throws {
    if sources.count > 1 { throw ValidationError("give one key, not \(sources.count)") }
  }
}
