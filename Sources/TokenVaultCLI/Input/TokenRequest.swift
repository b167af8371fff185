import TokenVault

/// What the command `token` was asked for.
struct TokenRequest: Equatable {
  var id: String?
  var user: String?
  var client: String?
  /// How long the token must live; nil for the stored one as it is.
  var minimumLifetime: TimeSpan?
  /// How long a call may take that refreshes it.
  var timeout = TimeSpan(seconds: 30)
  var session = Session()

  func run() throws {
    let query = id.map { TokenQuery(id: $0) } ?? TokenQuery(userName: user ?? "", clientID: client)
    let token = try minimumLifetime.map { try freshToken(query, $0) } ?? storedToken(query)
    guard let access = token.accessToken else {
      throw Failure(.notFound, "the record '\(token.id ?? "")' has no access token")
    }
    guard TokenGrammar.allows(access.revealed) else {
      throw TokenVaultError.unprintableToken(id: token.id ?? "", field: TokenField.accessToken.name)
    }
    try print(token, access)
  }

  private func storedToken(_ query: TokenQuery) throws -> OAuthToken {
    let vault = try session.openVault(forOneRecord: true)
    let found = try vault.requireRecord(matching: query)
    let token = found.token
    AmbiguityWarning.print(of: token, among: found.count, session)
    if token.accessToken != nil { warnIfExpired(token, vault.time()) }
    return token
  }

  private func freshToken(_ query: TokenQuery, _ lifetime: TimeSpan) throws -> OAuthToken {
    let refresher = try TokenRefresher(session, minimumLifetime: lifetime, timeout: timeout)
    let fresh = try refresher.freshToken(for: query)
    RefreshPrinter(session: session, minimumLifetime: lifetime).warn(of: fresh)
    if fresh.token.accessToken != nil, !fresh.hasUncertainEnd {
      warnIfExpired(fresh.token, refresher.vault.time())
    }
    return fresh.token
  }

  private func warnIfExpired(_ token: OAuthToken, _ now: VaultTime) {
    if let warning = Clock.warning(of: token, at: now) {
      session.note(warning)
    } else if let moment = token.expiresAt?.moment, moment <= now.clock {
      let distance = Clock.distance(to: moment, from: now.clock)
      session.note("warning: this access token expired \(distance)")
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
      switch session.take(plainOption: argument, &rest) {
      case .taken: continue
      case .refused: return nil
      case .other: break
      }
      if ["--user", "--client", "--min-ttl"].contains(argument) {
        guard let value = Session.plainValue(&rest), take(value, for: argument) else { return nil }
      } else {
        guard id == nil, !argument.isEmpty, !argument.hasPrefix("-") else { return nil }
        id = argument
      }
    }
    guard (id == nil) != (user == nil), client == nil || user != nil else { return nil }
  }

  /// False if the option was given before, or has a value that is none.
  private mutating func take(_ value: String, for option: String) -> Bool {
    switch option {
    case "--min-ttl":
      guard minimumLifetime == nil, let span = TimeSpan(argument: value) else { return false }
      minimumLifetime = span
    case "--user":
      guard user == nil else { return false }
      user = value
    default:
      guard client == nil else { return false }
      client = value
    }
    return true
  }
}
