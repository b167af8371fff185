import ArgumentParser
import TokenVault

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
    guard lockTimeout >= 0, lockTimeout <= 1_000_000 else {
      throw ValidationError("--lock-timeout must be from 0 to 1000000 seconds")
    }
    for (name, value) in [("--vault", vault), ("--key-file", keyFile)] where value == "" {
      throw ValidationError("\(name) must not be empty")
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
  func openOrMakeVault() throws -> Vault {
    let (configuration, isStandardPath) = try configuration()
    guard isStandardPath else { return try Vault(configuration) }
    let (vault, isNew) = try Vault.openOrCreate(configuration)
    if isNew { note(Protection.ofNewVault(try vault.status())) }
    return vault
  }

  /// Says something that is no error.
  func note(_ sentence: String) {
    if !quiet { StandardError.write("tokenvault: \(DisplayText.oneLine(sentence))") }
  }
}

extension GlobalOptions {
  private static let withValue: Set = ["--vault", "--key-file", "--lock-timeout"]
  private static let withoutValue: Set = ["--json", "--no-input", "--quiet"]

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
    guard index < arguments.count, !arguments[index].hasPrefix("-") else { return arguments }
    return [arguments[index]] + arguments[..<index] + arguments[(index + 1)...]
  }
}
