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
    let all = try vault.allTokens()
    let now = vault.time()
    let tokens = selection.of(all, at: now)
    let printer = RecordPrinter(reveal: reveal)
    defer { warn(tokens.count { $0.hasUncertainEnd(at: now) }, now) }
    if options.session.json { return try printer.writeJSON(tokens) }
    if reveal {
      return try StandardOutput.write(tokens.map(printer.lines).joined(separator: "\n"))
    }
    if tokens.isEmpty { return options.session.note(selection.emptySentence) }
    let layout = TokenTableLayout(now: now, width: Terminal.width, policy: try vault.policy())
    try layout.write(tokens) { (text) throws(Failure) in try StandardOutput.write(text) }
  }

  private func warn(_ uncertain: Int, _ now: VaultTime) {
    if uncertain == 0 { return }
    options.session.note(
      "warning: the clock was wrong when \(uncertain) of these were saved, or is wrong now, and says "
        + "\(now.clock): the ends of their access tokens are unknown")
  }
}
