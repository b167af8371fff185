internal import TokenRecords

/// `~/.codex/auth.json`: the tokens of a login, whose user and end are in the tokens themselves.
enum CodexAuth: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let json = file.json else { return false }
    return json.has("OPENAI_API_KEY") && (json.has("tokens") || json.has("auth_mode"))
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let json = try file.object()
    guard json.has("tokens") || json.has("OPENAI_API_KEY") else {
      throw .notOfProgram("the file has no 'tokens'")
    }
    var found = ForeignRecords()
    if let tokens = json["tokens"], tokens.text("access_token") != nil {
      found.tokens = [token(tokens)]
    } else {
      found.skip("the file", "it has an API key alone, which no server replaces")
    }
    return found
  }

  private static func token(_ tokens: JSONTree) -> OAuthToken {
    let identity = JWTClaims.of(tokens.text("id_token"))
    let access = JWTClaims.of(tokens.text("access_token"))
    let audience = identity?["aud"]?.elements.first?.text ?? identity?.text("aud")
    return OAuthToken()
      .with(.userName, identity?.text("email"))
      .with(.clientID, access?.text("client_id") ?? audience ?? "codex")
      .with(.accessToken, tokens.text("access_token"))
      .with(.refreshToken, tokens.text("refresh_token"))
      .with(.idToken, tokens.text("id_token"))
      .with(.expiresAt, ForeignEnd.text(of: access?["exp"]))
      .with(OAuthToken.tokenEndpointName, "https://auth.openai.com/oauth/token")
      .with("account_id", tokens.text("account_id"))
  }
}
