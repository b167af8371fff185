internal import TokenRecords

/// Google's application default credentials, and `token.json` of its client libraries: an authorized user.
enum GoogleCredentials: Importer {
  static let tokenEndpoint = "https://oauth2.googleapis.com/token"

  /// What Google's libraries write; another member makes the file another program's.
  private static let names: Set = [
    "token", "refresh_token", "token_uri", "client_id", "client_secret", "scopes", "expiry",
    "account",
    "universe_domain", "type", "quota_project_id", "id_token", "rapt_token", "default_scopes",
    "trust_boundary", "granted_scopes", "rapt",
  ]

  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let json = file.json, case .object = json else { return false }
    let isTyped = ["authorized_user", "service_account", "external_account"]
      .contains(json.text("type") ?? "")
    return isTyped
      || json.has("token") && json.has("token_uri") && json.has("client_id")
        && json.members.allSatisfy { names.contains($0.name) }
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let json = try file.object()
    var found = ForeignRecords()
    let type = json.text("type") ?? "authorized_user"
    guard type == "authorized_user" else {
      found.skip("the file", "credentials of the type \(type) have no token")
      return found
    }
    guard json.text("refresh_token") ?? json.text("token") != nil else {
      throw .notOfProgram("the file has no 'refresh_token' and no 'token'")
    }
    found.tokens = [token(json).with("universe_domain", json.text("universe_domain"))]
    return found
  }

  /// The record of an authorized user, as gcloud's database has it too.
  static func token(_ json: JSONTree) -> OAuthToken {
    OAuthToken()
      .with(.userName, json.text("account"))
      .with(.clientID, json.text("client_id") ?? "google")
      .with(.clientSecret, json.text("client_secret"))
      .with(.refreshToken, json.text("refresh_token"))
      .with(.accessToken, json.text("token"))
      .with(.expiresAt, ForeignEnd.text(of: json["expiry"]))
      .with(.scope, json.words("scopes"))
      .with(OAuthToken.tokenEndpointName, json.text("token_uri") ?? tokenEndpoint)
      .with("quota_project_id", json.text("quota_project_id"))
  }
}
