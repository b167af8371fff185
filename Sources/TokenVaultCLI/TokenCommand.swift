import ArgumentParser
import TokenVault

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

  func run() throws {
    let query =
      id.map { TokenQuery(id: $0) }
      ?? TokenQuery(userName: selection.user ?? "", clientID: selection.client)
    guard let token = try options.openVault().findToken(matching: query) else {
      throw Failure(.notFound, "no token matches")
    }
    guard let access = token.accessToken else {
      throw Failure(.notFound, "the record '\(token.id ?? "")' has no access token")
    }
    warnIfExpired(token)
    try print(token, access)
  }

  private func warnIfExpired(_ token: OAuthToken) {
    let now = Clock.now
    if let moment = token.expiresAt?.moment, moment <= now {
      options.note("warning: this access token expired \(Clock.distance(to: moment, from: now))")
    }
  }

  private func print(_ token: OAuthToken, _ access: Secret) throws {
    guard options.json else { return try StandardOutput.write("\(access.revealed)\n") }
    var object = JSONObject()
    object.set("id", token.id ?? "")
    object.set("access_token", access.revealed)
    if let expiry = token.expiresAt { object.set("expires_at", expiry.text) }
    try StandardOutput.write(object.text + "\n")
  }
}
