import ArgumentParser
import TokenVault

/// Whose the one record of an import is, and where it is refreshed.
struct RecordIdentity: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "The user of the record, if the file has one record.",
    completion: StoredNames.users)
  var user: String?

  @Option(help: "The client of that record.")
  var client: String?

  @Option(help: "The id of that record: the stored one with this id is updated.")
  var id: String?

  @Option(help: .init("Where the tokens of that record are refreshed.", "url"))
  var tokenEndpoint: String?

  @Option(help: .init("The API that takes its access token.", "url"))
  var apiDomain: String?

  private var options: KeyValuePairs<String, String?> {
    [
      "--user": user, "--client": client, "--id": id, "--token-endpoint": tokenEndpoint,
      "--api-domain": apiDomain,
    ]
  }

  func validate() throws { try refuseEmpty(options) }

  /// Makes the record as the options say it, if there are any.
  func apply(to tokens: inout [OAuthToken]) throws {
    guard let (name, _) = options.first(where: { $0.value != nil }) else { return }
    guard var token = tokens.first, tokens.count == 1 else {
      throw Failure.usage("\(name) goes with a file of one record, and there are \(tokens.count)")
    }
    token.id = id ?? token.id
    token.userName = user ?? token.userName
    token.clientID = client ?? token.clientID
    token.tokenEndpoint = tokenEndpoint ?? token.tokenEndpoint
    token.apiDomain = apiDomain ?? token.apiDomain
    tokens = [token]
  }
}
