import ArgumentParser

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The vault's file.", valueName: "path"))
  var vault: String?

  @Option(help: ArgumentHelp("The file with the vault's key: 32 bytes.", valueName: "path"))
  var keyFile: String?

  @Option(help: ArgumentHelp("How long to wait for other writers.", valueName: "seconds"))
  var lockTimeout: Double = 10

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Never ask anything.")
  var noInput = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    do { try session.validate() } catch { throw ValidationError(error.sentence) }
  }

  /// What the options come to.
  var session: Session {
    Session(
      vault: vault, keyFile: keyFile, lockTimeout: lockTimeout, json: json, noInput: noInput,
      quiet: quiet)
  }
}

extension GlobalOptions {
  private static let withValue: Set = ["--vault", "--key-file", "--lock-timeout"]
  private static let withoutValue: Set = ["--json", "--no-input", "--quiet", "--reveal"]

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
    return [arguments[index]] + arguments[..<index] + arguments[(index + 1)...]
  }
}
