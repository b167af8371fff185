internal import TokenRecords

/// A file of `~/.aws/sso/cache`: the token of a start URL. No token endpoint: its refresh is not that of RFC 6749.
enum AWSSSOCache: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let json = file.json else { return false }
    return json.has("startUrl") && json.has("accessToken") || isRegistration(json)
  }

  private static let registrationNames: Set = [
    "clientId", "clientSecret", "expiresAt", "scopes", "grantTypes", "authFlow", "clientName",
  ]

  private static func isRegistration(_ json: JSONTree) -> Bool {
    json.has("clientId") && json.has("clientSecret") && json.has("expiresAt")
      && json.members.allSatisfy { registrationNames.contains($0.name) }
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let json = try file.object()
    var found = ForeignRecords()
    if isRegistration(json) {
      found.skip("the file", "it is the registration of a client, and has no token")
      return found
    }
    guard json.has("startUrl"), json.has("accessToken") else {
      throw .notOfProgram("the file has no 'startUrl' and 'accessToken'")
    }
    guard json.text("accessToken") ?? json.text("refreshToken") != nil else { return found }
    found.tokens = [token(json)]
    return found
  }

  private static func token(_ json: JSONTree) -> OAuthToken {
    let region = json.text("region")
    return OAuthToken()
      .with(.userName, json.text("startUrl"))
      .with(.clientID, json.text("clientId") ?? "aws-sso")
      .with(.clientSecret, json.text("clientSecret"))
      .with(.accessToken, json.text("accessToken"))
      .with(.refreshToken, json.text("refreshToken"))
      .with(.expiresAt, ForeignEnd.text(of: json["expiresAt"]))
      .with(.apiDomain, region.map { "https://portal.sso.\($0).amazonaws.com" })
      .with("sso_region", region)
      .with("registration_expires_at", json.text("registrationExpiresAt"))
  }
}
