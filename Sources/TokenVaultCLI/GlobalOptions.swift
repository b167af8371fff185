import ArgumentParser
import TokenVault

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @OptionGroup(title: "Key") var key: KeyOptions

  func validate() throws {
    do { try session.validate() } catch { throw ValidationError(error.sentence) }
  }

  /// What the options come to.
  var session: Session { common.session(key: key.source) }
}

/// Those of them that do not say where the key is.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The vault's file.", valueName: "path"))
  var vault: String?

  @Option(help: ArgumentHelp("How long to wait for other writers.", valueName: "seconds"))
  var lockTimeout: Double = 10

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Never ask anything.")
  var noInput = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  @Flag(help: "Go on with a vault that is older than one seen before: a backup, put back on purpose.")
  var acceptRollback = false

  func session(key: KeySource?) -> Session {
    Session(
      vault: vault, key: key, lockTimeout: lockTimeout, json: json, noInput: noInput,
      quiet: quiet, acceptsRollback: acceptRollback)
  }
}

extension GlobalOptions {
  private static let withValue: Set = [
    "--vault", "--lock-timeout", "--key-file", "--key-fd", "--key-command", "--credential",
    "--passphrase-fd", "--recovery-fd",
  ]
  private static let withoutValue: Set = [
    "--json", "--no-input", "--quiet", "--accept-rollback", "--reveal",
  ]

  /// The arguments with the global options that stand before the subcommand moved behind it, where the
  /// parser knows them.
  static func movedBehindSubcommand(_ arguments: [String]) -> [String] {
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
    guard index < arguments.count else { return arguments }
    if arguments[index].hasPrefix("-") || arguments[index] == "help" {
      return Array(arguments[index...])
    }
    // `key` has subcommands of its own.
    let end = min(arguments[index] == "key" ? index + 2 : index + 1, arguments.count)
    return Array(arguments[index..<end] + arguments[..<index] + arguments[end...])
  }
}
