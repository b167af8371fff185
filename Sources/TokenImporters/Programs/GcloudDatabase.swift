internal import TokenRecords

/// `credentials.db` of gcloud, with `access_tokens.db` beside it.
enum GcloudDatabase: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool {
    file.isDatabase(with: #""credentials" (account_id"#)
  }

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    let database = try SQLiteDatabase(copyOf: file)
    try database.requireTable("credentials")
    let accounts = try database.rows(
      "SELECT account_id, value FROM credentials ORDER BY rowid")
    var accessTokens: [String: [String: String]] = [:]
    if let tokens = try file.neighbour("access_tokens.db") {
      let database = try SQLiteDatabase(copyOf: tokens)
      try database.requireTable("access_tokens")
      let rows = try database.rows(
        "SELECT account_id, access_token, token_expiry, id_token FROM access_tokens")
      for row in rows { accessTokens[row["account_id"] ?? ""] = row }
    }
    var found = ForeignRecords()
    for row in accounts {
      let account = row["account_id"] ?? ""
      guard let json = row["value"].flatMap({ try? JSONTree($0.utf8.span) }) else {
        found.skip(account, "its credentials are no JSON")
        continue
      }
      guard json.text("type") == "authorized_user" else {
        found.skip(
          account, "credentials of the type \(json.text("type") ?? "unknown") have no token")
        continue
      }
      found.tokens.append(token(json, account, accessTokens[account] ?? [:]))
    }
    return found
  }

  private static func token(
    _ json: JSONTree, _ account: String, _ access: [String: String]
  ) -> OAuthToken {
    GoogleCredentials.token(json)
      .with(.userName, account)
      .with(.accessToken, access["access_token"])
      .with(.expiresAt, ForeignEnd.text(access["token_expiry"]))
      .with(.idToken, access["id_token"])
  }
}
