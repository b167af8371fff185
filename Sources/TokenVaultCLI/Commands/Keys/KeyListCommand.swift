import ArgumentParser
import TokenVault

struct KeyListCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the key slots.",
    examples: ["tokenvault key list"], aliases: ["ls"])

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    try session.print(KeyListReport(status: session.openVault().status()))
  }
}
