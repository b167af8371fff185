import ArgumentParser
import TokenVault

struct DeleteCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete records, and the previous snapshot with them.",
    discussion: "If one of the ids is unknown, nothing is deleted.", aliases: ["rm"])

  @Argument(help: "The records' ids.")
  var ids: [String] = []

  @Option(help: .init("Delete only if the record is at this revision.", "n"))
  var ifRevision: Int?

  @Flag(help: "Delete every record.")
  var all = false

  @Flag(help: "With --all: do not ask.")
  var yes = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard all != !ids.isEmpty else { throw ValidationError("give either ids or --all") }
    if ifRevision != nil, ids.count != 1 {
      throw ValidationError("--if-revision goes with one id")
    }
  }

  func run() throws {
    let vault = try session.openVault()
    let count = try all ? vault.status().tokens : Set(ids).count
    if all {
      try confirm(count)
      try vault.deleteAllTokens()
    } else {
      try vault.deleteTokens(ids: ids, ifRevision: ifRevision)
    }
    let tokens = count == 1 ? "token" : "tokens"
    try session.print(note: "deleted \(count) \(tokens)", json: ["deleted": count])
  }

  private func confirm(_ count: Int) throws {
    if yes { return }
    guard StandardInput.isTerminal, !session.noInput else {
      throw Failure.usage("--all needs --yes if there is no terminal to ask on")
    }
    StandardError.write("tokenvault: delete all \(count) tokens? Type yes:")
    guard readLine() == "yes" else { throw Failure(.other, "nothing was deleted") }
  }
}
