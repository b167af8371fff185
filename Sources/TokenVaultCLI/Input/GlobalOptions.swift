import ArgumentParser
import TokenVault

/// The options that every command takes.
///
/// One group: groups within groups make the parser slow in debug builds.
struct GlobalOptions: ParsableArguments {
  @Option(help: .init("The vault's file.", "path"))
  var vault: String?

  @Option(help: .init("A file with the vault's key.", "path"))
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

  @Option(help: .init("How long to wait for other writers.", "seconds"))
  var lockTimeout: Double = 10

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Never ask for input.")
  var noInput = false

  @Flag(help: "Print no messages but errors.")
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
    guard lockTimeout >= 0, lockTimeout <= 1_000_000 else {
      throw ValidationError("--lock-timeout must be from 0 to 1000000 seconds")
    }
  }

  /// The options as the rest of the command uses them.
  var session: Session {
    Session(
      vault: vault, keys: keys, lockTimeout: lockTimeout, json: json, noInput: noInput,
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

extension GlobalOptions {
  private static let withValue: Set = [
    "--vault", "--lock-timeout", "--key-file", "--key-fd", "--key-command", "--credential",
    "--passphrase-fd", "--recovery-fd",
  ]
  private static let withoutValue: Set = [
    "--json", "--no-input", "--quiet", "--accept-rollback", "--accept-other-vault",
    "--allow-shared-directory", "--reveal",
  ]

  private static let groups: Set = ["key", "policy"]

  /// The arguments with the global options before the subcommand moved behind it, so that the parser knows them.
  static func movedBehindSubcommand(_ arguments: [String]) -> [String] {
    // Most lines begin with the subcommand. To make the sets above takes longer than to read such a line.
    guard arguments.first?.hasPrefix("-") ?? true else { return arguments }
    var index = 0
    while index < arguments.count {
      let name = String(arguments[index].prefix { $0 != "=" })
      if withValue.contains(name) {
        index += name == arguments[index] ? 2 : 1
      } else if withoutValue.contains(name) {
        index += 1
      } else {
        break
      }
    }
    guard index < arguments.count else { return [] }
    if arguments[index].hasPrefix("-") || arguments[index] == "help" {
      return Array(arguments[index...])
    }
    let isAlone = index + 1 == arguments.count
    if isAlone, groups.contains(arguments[index]) { return [arguments[index]] }
    let end = min(index + (groups.contains(arguments[index]) ? 2 : 1), arguments.count)
    return Array(arguments[index..<end] + arguments[..<index] + arguments[end...])
  }
}
