import ArgumentParser
import TokenVault

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete records, and the previous snapshot with them.",
    discussion: "Where one of the ids is unknown, nothing is deleted.", aliases: ["rm"])

  @Argument(help: "The records' ids.")
  var ids: [String] = []

  @Option(
    help: ArgumentHelp("Delete only if the record is at this revision.", valueName: "n"))
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
    let vault = try options.session.openVault()
    if all {
      let count = try vault.status().tokens
      try confirm(count)
      try vault.deleteAllTokens()
      try report(count)
    } else {
      try vault.deleteTokens(ids: ids, ifRevision: ifRevision)
      try report(Set(ids).count)
    }
  }

  private func confirm(_ count: Int) throws {
    if yes { return }
    guard StandardInput.isTerminal, !options.session.noInput else {
      throw Failure.usage("--all needs --yes where nobody can be asked")
    }
    StandardError.write("tokenvault: delete all \(count) tokens? Type yes:")
    guard readLine() == "yes" else { throw Failure(.other, "nothing was deleted") }
  }

  private func report(_ count: Int) throws {
    guard options.session.json else {
      return options.session.note("deleted \(count) \(count == 1 ? "token" : "tokens")")
    }
    var object = JSONObject()
    object.set("deleted", count)
    try StandardOutput.write(object.text + "\n")
  }
}
