import ArgumentParser
import TokenVault

struct FindCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Print one record.",
    examples: [
      "tokenvault find --user ann", "tokenvault find 7 --reveal --json",
      "tokenvault find --match partial.json",
    ], aliases: ["get"])

  @OptionGroup var selection: RecordSelection

  @Flag(help: "Find the record that a partial one (JSON) matches, from FILE or standard input.")
  var match = false

  @Argument(
    help: "The record's id; with --match, the file with the partial record.",
    completion: StoredNames.ids)
  var record: String?

  @Flag(help: "Print the secrets too.")
  var reveal = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    try selection.requireOne(or: match ? nil : record, or: match, named: "--match")
  }

  func run() throws {
    let query = try query()
    let vault = try session.openVault(forOneRecord: true)
    let found = try vault.requireRecord(matching: query)
    try session.print(ShownRecord(found.token, reveal: reveal))
    session.note(RecordWarning.ambiguity(oldest: found.token.id, among: found.count))
    session.note(RecordWarning.uncertainExpiry(of: found.token, at: vault.time()))
  }

  private func query() throws -> TokenQuery {
    guard match else { return selection.query(record) }
    let tokens = try RecordSource(path: record, session: session)
      .read(as: .format(.records(.json))).tokens
    guard let token = tokens.first, tokens.count == 1 else {
      throw Failure(.other, "--match wants one record, and there are \(tokens.count)")
    }
    return TokenQuery(matching: token)
  }
}
