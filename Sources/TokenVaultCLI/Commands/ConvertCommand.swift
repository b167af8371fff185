import ArgumentParser
import TokenVault

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Change how the vault writes its records.")

  @Option(help: "json or csv.")
  var format: VaultFormat

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let vault = try options.session.openVault()
    try vault.convert(to: format.format)
    if options.session.json {
      try StandardOutput.write(StatusCommand.json(try vault.status()).text + "\n")
    }
  }
}
