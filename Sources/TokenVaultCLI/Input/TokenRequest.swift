import TokenVault

/// What the command `token` was asked for.
struct TokenRequest: Equatable {
  var id: String?
  var user: String?
  var client: String?
  /// How long the token must live; nil for the stored one as it is.
  var minimumLifetime: TimeSpan?
  var timeout = TimeSpan(seconds: 30)
  var session = Session()

  func run() throws {
    let query = TokenQuery(id: id, user: user, client: client)
    let token = try minimumLifetime.map { try freshToken(query, $0) } ?? storedToken(query)
    guard let access = token.accessToken else {
      throw Failure(.notFound, "the record '\(token.id ?? "")' has no access token")
    }
    guard TokenGrammar.allows(access.revealed) else {
      throw TokenVaultError.unprintableToken(id: token.id ?? "", field: TokenField.accessToken.name)
    }
    // The grammar allows no character that a report would change.
    guard session.json else { return try StandardOutput.write(access.revealed + "\n") }
    let json: JSONObject = [
      "id": token.id ?? "", "access_token": access.revealed, "expires_at": token.expiresAt?.text,
    ]
    try session.print(ShortReport(json: json))
  }

  private func storedToken(_ query: TokenQuery) throws -> OAuthToken {
    let vault = try session.openVault(forOneRecord: true)
    let found = try vault.requireRecord(matching: query)
    session.note(RecordWarning.ambiguity(oldest: found.token.id, among: found.count))
    if found.token.has(.accessToken) {
      session.note(RecordWarning.expiry(of: found.token, at: vault.time()))
    }
    return found.token
  }

  private func freshToken(_ query: TokenQuery, _ lifetime: TimeSpan) throws -> OAuthToken {
    let refresher = try TokenRefresher(session, minimumLifetime: lifetime, timeout: timeout)
    let fresh = try refresher.freshToken(for: query)
    RefreshReport.warn(fresh, lifetime, session)
    if fresh.token.has(.accessToken), !fresh.hasUncertainEnd {
      session.note(RecordWarning.expiry(of: fresh.token, at: refresher.vault.time()))
    }
    return fresh.token
  }
}

extension TokenRequest {
  /// Reads a plain command line `token …`; nil for all others, which the argument parser reads.
  init?(plainArguments arguments: [String]) {
    let options = ["--user", "--id", "--client", "--min-ttl"]
    guard let plain = PlainArguments(arguments, of: "token", options: options) else { return nil }
    (id, user, client) = (plain.other ?? plain["--id"], plain["--user"], plain["--client"])
    // Both an argument and --id.
    if plain.other != nil, plain["--id"] != nil { return nil }
    guard (id == nil) != (user == nil), client == nil || user != nil else { return nil }
    if let text = plain["--min-ttl"] {
      minimumLifetime = TimeSpan(argument: text)
      if minimumLifetime == nil { return nil }
    }
    session = plain.session
  }
}
