import ArgumentParser
import TokenVault

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a vault, and its key unless that is there.",
    discussion: """
      Refuses where a vault, or the previous snapshot of one, already is. Its first key slot is for the key \
      that is named, else for a new key file; with --passphrase, for a passphrase instead.
      """)

  @Option(help: "How the records are written: json or csv.")
  var format = VaultFormat.json

  @Flag(help: "Open it with a passphrase, which is asked for or comes by --passphrase-fd.")
  var passphrase = false

  @Flag(help: "Print a recovery code that opens it too.")
  var recovery = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    switch options.session.keys.first {
    case nil, .passphraseDescriptor: break
    case .recoveryCodeDescriptor: throw ValidationError("--recovery makes a code; it takes none")
    default:
      if passphrase {
        throw ValidationError("give --passphrase or a key; tokenvault key add adds the other")
      }
    }
  }

  func run() throws {
    var (configuration, isStandardPath) = try options.session.configuration()
    switch options.session.keys.first {
    case .passphraseDescriptor(let number): configuration.key = try newPassphrase(number)
    case nil where passphrase: configuration.key = try newPassphrase(nil)
    default: break
    }
    if isStandardPath { try Vault.makeDirectories(for: configuration) }
    let code = recovery ? try RecoveryCode.make() : nil
    let vault = try Vault.create(configuration, format: format.format, recovery: code)
    let status = try vault.status()
    options.session.note(Protection(status).sentenceOfNewVault)
    try report(status, code)
  }

  private func newPassphrase(_ descriptor: Int32?) throws -> KeySource {
    switch try options.session.newPassphrase("new passphrase", descriptor: descriptor) {
    case .text(let text): return .passphrase(text)
    case .none(let reason): throw TokenVaultError.noPassphrase(reason)
    }
  }

  private func report(_ status: VaultStatus, _ code: RecoveryCode?) throws {
    if options.session.json {
      var object = StatusCommand.json(status)
      if let code { object.set("recovery_code", code.text.revealed) }
      return try StandardOutput.write(object.text + "\n")
    }
    guard let code else { return }
    do { try RecoveryCodePrinter(session: options.session).show(code) } catch let failure as Failure
    {
      throw Failure(
        failure.status, "the vault is made, but its recovery code is lost: \(failure.sentence)",
        hint: "tokenvault key remove recovery && tokenvault key add --name recovery --recovery")
    }
  }
}

/// How a vault can write its records.
enum VaultFormat: String, CaseIterable, ExpressibleByArgument {
  case json, csv

  var format: RecordFormat {
    switch self {
    case .json: .json
    case .csv: .csv
    }
  }
}
