import ArgumentParser
import TokenVault

struct WatchCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Print each change of the vault, by any process, as it is made.",
    examples: ["tokenvault watch", "tokenvault watch --json"],
    discussion: """
      A line for each change: when it was seen (UTC), the record's id, its user, the kind of change, the revision, and \
      the names of the fields that changed; between tabs, unless on a terminal. No values. Runs until it is \
      interrupted, or the vault is gone.
      """)

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    let vault = try session.openVault()
    var changes = try vault.changeReader()
    if StandardError.isTerminal { session.note("watching; Ctrl-C ends it") }
    var layout = ChangeLayout()
    while true { try session.print(layout.report(changes.next())) }
  }
}
