import ArgumentParser
import TokenVault

struct FindCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Print one record.", aliases: ["get"])

  @OptionGroup var selection: RecordSelection

  @Flag(help: "Find what a partial record (JSON) matches, from FILE or standard input.")
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
    if id == "" { throw ValidationError("--id must not be empty") }
  }

  func run() throws {
    let query = try query()
    let vault = try options.session.openVault(forOneRecord: true)
    let found = try vault.requireRecord(matching: query)
    let token = found.token
    let printer = RecordPrinter(reveal: reveal)
    try StandardOutput.write(options.session.json ? printer.json(token) : printer.lines(token))
    AmbiguityWarning.print(of: token, among: found.count, options.session)
    if let warning = Clock.warning(of: token, at: vault.time()) { options.session.note(warning) }
  }

  private func query() throws -> TokenQuery {
    if let id { return TokenQuery(id: id) }
    if let user = selection.user { return TokenQuery(userName: user, clientID: selection.client) }
    let tokens = try RecordSource(path: file, session: options.session).read(
      as: .records(.json))
    guard tokens.count == 1 else {
      throw Failure(.other, "--match wants one record, and there are \(tokens.count)")
    }
    return TokenQuery(matching: tokens[0])
  }
}

/// A record by its user.
struct RecordSelection: ParsableArguments {
  @Option(help: "The record's user name.")
  var user: String?

  @Option(help: "With --user: the record's client, where a user has several.")
  var client: String?

  func validate() throws {
    if user == "" { throw ValidationError("--user must not be empty") }
    if client != nil, user == nil { throw ValidationError("--client goes with --user") }
  }
}
