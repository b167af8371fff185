internal import TokenRecords

/// The token of mutt's `mutt_oauth2.py`, after its decryption pipe.
enum MuttToken: Importer {
  /// The endpoints of the script's registrations.
  private static let endpoints = [
    "google": GoogleCredentials.tokenEndpoint,
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  ]

  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let json = file.json else { return false }
    return json.has("registration") && json.has("access_token_expiration")
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let json = try file.object()
    guard let registration = json.text("registration") else {
      throw .notOfProgram("the file has no 'registration'")
    }
    var found = ForeignRecords()
    guard json.text("access_token") != nil || json.text("refresh_token") != nil else {
      found.skip("the file", "it has no token")
      return found
    }
    found.notes.append("the end of the token has no zone, and is read in the zone of this host")
    found.tokens = [
      OAuthToken()
        .with(.userName, json.text("email"))
        .with(.clientID, json.text("client_id") ?? "mutt")
        .with(.clientSecret, json.text("client_secret"))
        .with(.accessToken, json.text("access_token"))
        .with(.refreshToken, json.text("refresh_token"))
        .with(.expiresAt, ForeignEnd.text(of: json["access_token_expiration"], zone: .host))
        .with(OAuthToken.tokenEndpointName, endpoints[registration])
    ]
    return found
  }
}
