import ArgumentParser
import TokenVault

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a vault, and its key unless that is there.",
    discussion: "Refuses where a vault, or the previous snapshot of one, already is.")

  @Option(help: "How the records are written: json or csv.")
  var format = VaultFormat.json

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let (configuration, isStandardPath) = try options.session.configuration()
    if isStandardPath { try Vault.makeDirectories(for: configuration) }
    let status = try Vault.create(configuration, format: format.format).status()
    options.session.note(Protection.ofNewVault(status))
    if options.session.json { try StandardOutput.write(StatusCommand.json(status).text + "\n") }
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
