internal import TokenRecords

/// The token cache of Microsoft's MSAL libraries, as the Azure CLI writes it: accounts, access and refresh tokens apart.
enum MSALCache: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let json = file.json else { return false }
    return json.has("RefreshToken") && json.has("AccessToken") && json.has("Account")
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let json = try file.object()
    guard json.has("RefreshToken") || json.has("AccessToken") else {
      throw .notOfProgram("the file has no 'RefreshToken' and no 'AccessToken'")
    }
    let accessTokens = Dictionary(grouping: values("AccessToken", of: json), by: \.client)
    let accounts = Dictionary(values("Account", of: json).map { ($0.account, $0) }) { one, _ in one
    }
    var (found, clients) = (ForeignRecords(), Set<[String?]>())
    for refresh in values("RefreshToken", of: json) {
      let account = accounts[refresh.account]
      let access = accessTokens[refresh.client] ?? []
      clients.insert(refresh.client)
      let user = account?.text("username") ?? refresh.text("home_account_id") ?? ""
      if access.count > 1 {
        found.notes.append(
          "\(user) has \(access.count) access tokens for different scopes; the one that ends last is taken"
        )
      }
      let last = access.max { ($0.end ?? 0) < ($1.end ?? 0) }
      found.tokens.append(token(refresh, account, last, user))
    }
    for access in values("AccessToken", of: json) where !clients.contains(access.client) {
      found.skip(
        "an access token of \(access.text("home_account_id") ?? "no account")",
        "there is no refresh token of its account and client")
    }
    return found
  }

  private static func values(_ name: String, of json: JSONTree) -> [JSONTree] {
    (json[name]?.members ?? []).map(\.value)
  }

  private static func token(
    _ refresh: JSONTree, _ account: JSONTree?, _ access: JSONTree?, _ user: String
  ) -> OAuthToken {
    let endpoint = refresh.text("environment").map {
      "https://\($0)/\(account?.text("realm") ?? "common")/oauth2/v2.0/token"
    }
    return OAuthToken()
      .with(.userName, user)
      .with(.clientID, refresh.text("client_id") ?? "msal")
      .with(.refreshToken, refresh.text("secret"))
      .with(.accessToken, access?.text("secret"))
      .with(.expiresAt, ForeignEnd.text(of: access?["expires_on"]))
      .with(.scope, access?.text("target"))
      .with(.tokenType, access?.text("token_type"))
      .with(OAuthToken.tokenEndpointName, endpoint)
      .with("home_account_id", refresh.text("home_account_id"))
      .with("family_id", refresh.text("family_id"))
  }
}

extension JSONTree {
  /// What says whose a token is.
  fileprivate var account: [String?] { [text("home_account_id"), text("environment")] }
  /// What says whose it is, and which client's.
  fileprivate var client: [String?] { account + [text("client_id")] }

  fileprivate var end: Int64? { text("expires_on").flatMap { Int64($0) } }
}
