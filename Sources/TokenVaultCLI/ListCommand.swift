import ArgumentParser
import TokenVault

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all records and which secrets they hold.",
    aliases: ["ls"])

  @Flag(help: "Print the secrets too.")
  var reveal = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let tokens = try options.session.openVault().allTokens()
    let printer = RecordPrinter(reveal: reveal)
    if options.session.json { return try StandardOutput.write(printer.json(tokens)) }
    if reveal {
      return try StandardOutput.write(tokens.map(printer.lines).joined(separator: "\n"))
    }
    if tokens.isEmpty { return options.session.note("the vault holds no tokens") }
    try StandardOutput.write(
      TokenTableLayout(now: Clock.now, width: Terminal.width).text(tokens))
  }
}
