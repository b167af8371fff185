import ArgumentParser
import TokenVault

struct KeyListCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the key slots.", aliases: ["ls"])

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try session.print(KeyListReport(status: session.openVault().status()))
  }
}
