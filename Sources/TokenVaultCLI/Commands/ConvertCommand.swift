import ArgumentParser
import TokenVault

struct ConvertCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Change the format of the records in the vault.",
    examples: ["tokenvault convert --format csv"])

  @Option(help: "The new format.")
  var format: RecordFormat

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    let vault = try session.openVault()
    try vault.convert(to: format)
    try session.print(ShortReport(json: vault.status().json))
  }
}
