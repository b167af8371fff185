internal import TokenRecords

/// `~/.claude/.credentials.json`. The file names no user, and its format is not documented.
enum ClaudeCredentials: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool { file.json?.has("claudeAiOauth") ?? false }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    guard let login = try file.object()["claudeAiOauth"] else {
      throw .notOfProgram("the file has no 'claudeAiOauth'")
    }
    var found = ForeignRecords()
    if !(try file.object()["mcpOAuth"]?.members ?? []).isEmpty {
      found.skip("mcpOAuth", "the tokens of MCP servers are not read")
    }
    guard login.text("accessToken") ?? login.text("refreshToken") != nil else {
      found.skip("the file", "it has no token")
      return found
    }
    found.tokens = [
      OAuthToken().with(.userName, "claude").with(.clientID, "claude-code")
        .with(.accessToken, login.text("accessToken"))
        .with(.refreshToken, login.text("refreshToken"))
        .with(.expiresAt, ForeignEnd.text(of: login["expiresAt"]))
        .with(.scope, login.words("scopes"))
        .with("subscription_type", login.text("subscriptionType"))
    ]
    return found
  }
}
