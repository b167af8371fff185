import ArgumentParser
import TokenVault

struct ListCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all records and which secrets they hold.",
    examples: [
      "tokenvault list", "tokenvault list --expiring 1h30m", "tokenvault list | cut -f 2",
    ],
    discussion: """
      On a terminal a table as wide as it is. Else a line for each record, without titles: id, user, client, expiry in \
      UTC, secrets and state, whole and between tabs.
      """,
    aliases: ["ls"])

  @Flag(help: "Print the secrets too.")
  var reveal = false

  @OptionGroup var selection: ExpirySelection

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    let vault = try session.openVault()
    let (all, now) = (try vault.allTokens(), vault.time())
    let tokens = selection.of(all, at: now)
    let table = TokenTableLayout(now: now, width: Terminal.width, policy: try vault.policy())
    defer { warn(tokens.count { $0.hasUncertainEnd(at: now) }, now) }
    try session.print(
      RecordListReport(
        tokens: tokens, reveal: reveal, table: table, emptySentence: selection.emptySentence))
  }

  private func warn(_ uncertain: Int, _ now: VaultTime) {
    if uncertain == 0 { return }
    session.note(
      "warning: the clock was wrong when \(uncertain) of these were saved, or is wrong now, and says "
        + "\(now.clock): the expiries of their access tokens are unknown")
  }
}
