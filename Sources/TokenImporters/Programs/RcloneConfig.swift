internal import TokenRecords

/// `rclone.conf`: a section for each remote; its token is a JSON text.
enum RcloneConfig: Importer {
  /// The endpoints of rclone's types. Only the owner of a client can refresh there.
  private static let endpoints = [
    "drive": GoogleCredentials.tokenEndpoint,
    "dropbox": "https://api.dropboxapi.com/oauth2/token",
    "onedrive": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "box": "https://app.box.com/api/oauth2/token",
    "pcloud": "https://api.pcloud.com/oauth2_token",
  ]

  static func recognizes(_ file: ForeignFile) -> Bool {
    guard let text = try? file.text() else { return false }
    if isEncrypted(text) { return true }
    guard let sections = try? INISections.read(text), !sections.isEmpty else { return false }
    return sections.allSatisfy { $0.values["type"] != nil }
  }

  private static func isEncrypted(_ text: String) -> Bool {
    text.hasPrefix("# Encrypted rclone") || text.prefix(200).contains("RCLONE_ENCRYPT_V0:")
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let text = try file.text()
    if isEncrypted(text) {
      throw .notOfProgram("it is encrypted; 'rclone config show' prints what can be imported")
    }
    var found = ForeignRecords()
    for (name, values) in try INISections.read(text) {
      guard let text = values["token"], !text.isEmpty else {
        found.skip(name, "it has no token")
        continue
      }
      guard let json = try? JSONTree(text.utf8.span), json.has("access_token") else {
        found.skip(name, "its token is not the JSON of one")
        continue
      }
      if values["client_id"]?.isEmpty ?? true, json.has("refresh_token") {
        found.notes.append("\(name): its client is rclone's own, so only rclone can refresh it")
      }
      found.tokens.append(token(name, values, json))
    }
    return found
  }

  private static func token(
    _ name: String, _ values: [String: String], _ json: JSONTree
  ) -> OAuthToken {
    let type = values["type"] ?? ""
    let client = values["client_id"].flatMap { $0.isEmpty ? nil : $0 }
    let url = values["token_url"].flatMap { $0.isEmpty ? nil : $0 }
    return OAuthToken()
      .with(.userName, "rclone:\(name)")
      .with(.clientID, client ?? "rclone:\(type)")
      .with(.clientSecret, values["client_secret"])
      .with(.accessToken, json.text("access_token"))
      .with(.refreshToken, json.text("refresh_token"))
      .with(.tokenType, json.text("token_type"))
      .with(
        .expiresAt,
        ForeignEnd.text(of: json["expiry"]) ?? (json.has("expires_in") ? Expiry.unknown.text : nil)
      )
      .with(.scope, values["scope"])
      .with(OAuthToken.tokenEndpointName, client == nil ? nil : url ?? endpoints[type])
      .with("rclone_type", type)
  }
}
