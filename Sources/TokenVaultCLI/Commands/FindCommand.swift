import ArgumentParser
import TokenVault

struct FindCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Print one record.", aliases: ["get"])

  @OptionGroup var selection: RecordSelection

  @Flag(help: "Find the record that a partial one (JSON) matches, from FILE or standard input.")
  var match = false

  @Argument(help: "With --match: the file with the partial record.")
  var file: String?

  @Option(help: "The record's id.")
  var id: String?

  @Flag(help: "Print the secrets too.")
  var reveal = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    let ways = [id != nil, selection.user != nil, match].filter { $0 }
    guard ways.count == 1 else { throw ValidationError("give one of --id, --user and --match") }
    if file != nil, !match { throw ValidationError("a file goes with --match") }
    try refuseEmpty(["--id": id])
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
    guard match else {
      return TokenQuery(id: id, user: selection.user, client: selection.client)
    }
    let tokens = try RecordSource(path: file, session: session).read(as: .format(.records(.json)))
      .tokens
    guard let token = tokens.first, tokens.count == 1 else {
      throw Failure(.other, "--match wants one record, and there are \(tokens.count)")
    }
    return TokenQuery(matching: token)
  }
}
