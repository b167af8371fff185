import ArgumentParser
import TokenVault

struct PolicyShowCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the vault's limits.",
    examples: ["tokenvault policy show", "tokenvault policy show --json"])

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    try session.print(PolicyReport(policy: session.openVault().policy()))
  }
}
