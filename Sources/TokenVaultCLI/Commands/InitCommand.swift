import ArgumentParser
import TokenVault

struct InitCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create a vault, and its key unless that exists.",
    examples: [
      "tokenvault init", "tokenvault init --passphrase --recovery",
      "tokenvault init --vault work.vault --key-file work.key",
    ],
    discussion: """
      Refuses if a vault, or the previous snapshot of one, exists. The first key slot is for the key that is named, \
      else for a new key file; with --passphrase, for a passphrase instead.
      """)

  @Option(help: "The format of the records in the vault.")
  var format = RecordFormat.json

  @Flag(help: "Open it with a passphrase, from the terminal or --passphrase-fd.")
  var passphrase = false

  @Flag(help: "Print a recovery code that opens it too.")
  var recovery = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    switch options.keys.first {
    case nil, .passphraseDescriptor: break
    case .recoveryCodeDescriptor:
      throw ValidationError("--recovery makes a code; init reads none")
    default:
      if passphrase {
        throw ValidationError("give --passphrase or a key; tokenvault key add adds the other")
      }
    }
  }

  func run() throws {
    var (configuration, isStandardPath) = try session.namedConfiguration()
    switch options.keys.first {
    case .passphraseDescriptor(let number):
      configuration.key = try session.newPassphraseKey("new passphrase", descriptor: number)
    case nil where passphrase:
      configuration.key = try session.newPassphraseKey("new passphrase", descriptor: nil)
    default: break
    }
    if isStandardPath { try Vault.makeDirectories(for: configuration) }
    let code = recovery ? try RecoveryCode.make() : nil
    let status = try Vault.create(configuration, format: format, recovery: code).status()
    Protection(status).sentencesOfNewVault.forEach(session.note)
    guard let code else { return try session.print(ShortReport(json: status.json)) }
    try RecoveryCodeReport(code: code, others: status.json).show(
      session, ifLost: "the vault is created, but its recovery code is lost",
      hint: "tokenvault key remove recovery && tokenvault key add --name recovery --recovery")
  }
}
