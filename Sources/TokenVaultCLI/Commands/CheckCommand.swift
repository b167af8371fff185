import ArgumentParser
import TokenVault

struct CheckCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Open and verify everything; exit 5 tells of damage.",
    discussion: "Reads the vault and the previous snapshot, and changes nothing.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let status = try Vault.check(try options.session.configuration().configuration)
    guard options.session.json else {
      let path = DisplayText.oneLine(status.path)
      let copies = status.damagedCopies.map {
        "'\(DisplayText.oneLine($0))' is a damaged vault, set aside; when nothing in it is missed: "
          + "tokenvault repair --discard --vault \(path.shellPath)\n"
      }
      return try StandardOutput.write(
        "'\(path)' is sound: \(status.tokens) tokens, generation \(status.generation)\n"
          + copies.joined())
    }
    try StandardOutput.write(StatusCommand.json(status).text + "\n")
  }
}
