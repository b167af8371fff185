import ArgumentParser
import TokenVault

struct ListCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all records and which secrets they hold.",
    aliases: ["ls"])

  @Flag(help: "Print the secrets too.")
  var reveal = false

  @OptionGroup var selection: ExpirySelection

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let vault = try options.session.openVault()
    let now = Clock.now
    let tokens = selection.of(try vault.allTokens(), at: now)
    let printer = RecordPrinter(reveal: reveal)
    if options.session.json { return try printer.writeJSON(tokens) }
    if reveal {
      return try StandardOutput.write(tokens.map(printer.lines).joined(separator: "\n"))
    }
    if tokens.isEmpty { return options.session.note(selection.emptySentence) }
    let layout = TokenTableLayout(now: now, width: Terminal.width, policy: try vault.policy())
    try layout.write(tokens) { (text) throws(Failure) in try StandardOutput.write(text) }
  }
}
