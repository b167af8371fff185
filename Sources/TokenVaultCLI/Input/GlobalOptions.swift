import ArgumentParser
import TokenVault

/// The options that every command takes.
///
/// One group: groups within groups make the parser slow in debug builds.
struct GlobalOptions: ParsableArguments {
  @Option(help: .init("The vault's file.", "path"), completion: .file())
  var vault: String?

  @Option(help: .init("A file with the vault's key.", "path"), completion: .file())
  var keyFile: String?

  @Option(help: .init("An open descriptor to read the key from.", "n"))
  var keyFd: Int32?

  @Option(help: .init("A command that prints the key, within 3 seconds.", "command"))
  var keyCommand: String?

  @Option(help: .init("A credential with the key, in $CREDENTIALS_DIRECTORY.", "name"))
  var credential: String?

  @Option(help: .init("An open descriptor with the passphrase in a line.", "n"))
  var passphraseFd: Int32?

  @Option(help: .init("An open descriptor with a recovery code in a line.", "n"))
  var recoveryFd: Int32?

  @Option(help: .init("How long to wait for other writers.", "time"))
  var lockTimeout = WaitingTime(seconds: 10)

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Never ask for input.")
  var noInput = false

  @Flag(name: .shortAndLong, help: "Print no messages but errors.")
  var quiet = false

  @Flag(help: "Accept a rollback: a vault older than this host has seen, from a backup.")
  var acceptRollback = false

  @Flag(help: "Accept another vault than this host has seen at the path, or create one there.")
  var acceptOtherVault = false

  @Flag(help: "Accept a vault's directory that others can write or own.")
  var allowSharedDirectory = false

  func validate() throws {
    for (name, descriptor) in [
      ("--key-fd", keyFd), ("--passphrase-fd", passphraseFd), ("--recovery-fd", recoveryFd),
    ] {
      if let descriptor, descriptor < 0 { throw ValidationError("\(name) must not be negative") }
    }
    try refuseEmpty([
      "--vault": vault, "--key-file": keyFile, "--key-command": keyCommand,
      "--credential": credential,
    ])
    guard lockTimeout.seconds >= 0, lockTimeout.seconds <= 1_000_000 else {
      throw ValidationError("--lock-timeout must be from 0 to 1000000 seconds")
    }
  }

  /// The options as the rest of the command uses them.
  var session: Session {
    Session(
      vault: vault, keys: keys, lockTimeout: lockTimeout.seconds, json: json, noInput: noInput,
      quiet: quiet, acceptsRollback: acceptRollback, acceptsOtherVault: acceptOtherVault,
      allowsSharedDirectory: allowSharedDirectory)
  }

  var keys: [KeySource] { files + streams }

  var files: [KeySource] {
    [keyFile.map { .file($0) }, credential.map { .credential($0) }].compactMap(\.self)
  }

  /// Those that come another way.
  var streams: [KeySource] {
    [
      keyFd.map { .descriptor($0) }, keyCommand.map { .command($0) },
      passphraseFd.map { .passphraseDescriptor($0) },
      recoveryFd.map { .recoveryCodeDescriptor($0) },
    ].compactMap(\.self)
  }
}
