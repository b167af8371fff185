import TokenVault

/// What the command `token` was asked for.
struct TokenRequest: Equatable {
  var id: String?
  var user: String?
  var client: String?
  var session = Session()

  func run() throws {
    let query = id.map { TokenQuery(id: $0) } ?? TokenQuery(userName: user ?? "", clientID: client)
    let token = try session.openVault().requireToken(matching: query)
    guard let access = token.accessToken else {
      throw Failure(.notFound, "the record '\(token.id ?? "")' has no access token")
    }
    warnIfExpired(token)
    try print(token, access)
  }

  private func warnIfExpired(_ token: OAuthToken) {
    let now = Clock.now
    if let moment = token.expiresAt?.moment, moment <= now {
      session.note("warning: this access token expired \(Clock.distance(to: moment, from: now))")
    }
  }

  private func print(_ token: OAuthToken, _ access: Secret) throws {
    guard session.json else { return try StandardOutput.write("\(access.revealed)\n") }
    var object = JSONObject()
    object.set("id", token.id ?? "")
    object.set("access_token", access.revealed)
    if let expiry = token.expiresAt { object.set("expires_at", expiry.text) }
    try StandardOutput.write(object.text + "\n")
  }
}

extension TokenRequest {
  /// Reads the plain forms of the command line `token …`; nil for all others, which the argument parser
  /// reads.
  ///
  /// A script asks for a token each time it needs one, and to set up the argument parser takes longer than
  /// to open the vault. Whatever this reads, it must read as the parser does: a test holds them together.
  init?(plainArguments arguments: [String]) {
    guard arguments.first == "token" else { return nil }
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": session.json = true
      case "--quiet": session.quiet = true
      case "--no-input": session.noInput = true
      case "--vault", "--key-file", "--user", "--client":
        guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("-") else { return nil }
        guard take(value, for: argument) else { return nil }
      default:
        guard id == nil, !argument.isEmpty, !argument.hasPrefix("-") else { return nil }
        id = argument
      }
    }
    guard (id == nil) != (user == nil), client == nil || user != nil else { return nil }
  }

  /// False where the option was given before.
  private mutating func take(_ value: String, for option: String) -> Bool {
    if option == "--key-file" {
      guard session.keys.isEmpty else { return false }
      session.keys = [.file(value)]
      return true
    }
    let field: WritableKeyPath<TokenRequest, String?> =
      switch option {
      case "--vault": \.session.vault
      case "--user": \.user
      default: \.client
      }
    guard self[keyPath: field] == nil else { return false }
    self[keyPath: field] = value
    return true
  }
}
