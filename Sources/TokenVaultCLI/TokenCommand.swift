import ArgumentParser

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Print an access token and a newline, for scripts.")

  @Argument(help: "The record's id.")
  var id: String?

  @OptionGroup var selection: RecordSelection

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard (id == nil) != (selection.user == nil) else {
      throw ValidationError("give either an id or --user")
    }
    if id == "" { throw ValidationError("the id must not be empty") }
  }

  var request: TokenRequest {
    TokenRequest(
      id: id, user: selection.user, client: selection.client, session: options.session)
  }

  func run() throws { try request.run() }
}
