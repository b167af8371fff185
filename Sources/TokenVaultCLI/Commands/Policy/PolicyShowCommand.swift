import ArgumentParser
import TokenVault

struct PolicyShowCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the vault's limits.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let printer = PolicyPrinter(policy: try options.session.openVault().policy())
    try StandardOutput.write(options.session.json ? printer.object.text + "\n" : printer.lines)
  }
}
