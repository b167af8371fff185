import ArgumentParser
import TokenVault

struct CheckCommand: OutputOnlyCommand, LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Decrypt and verify everything; exit code 5 reports damage.",
    examples: ["tokenvault check", "tokenvault check --vault backup.vault"],
    discussion: "Reads the vault and the previous snapshot, and changes nothing.")

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    let status = try Vault.check(session.configuration())
    let copies = status.damagedCopies.map { copy in
      "'\(copy)' is a damaged vault, set aside; when nothing in it is missed: "
        + "tokenvault repair --discard --vault \(status.path.shellPath)"
    }
    try session.print(
      ShortReport(
        sentences: [
          "'\(status.path)' is sound: \(status.tokens) tokens, generation \(status.generation)"
        ] + copies,
        json: status.json))
  }
}
