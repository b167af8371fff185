internal import TokenRecords

/// `zohooauth.db`: the table `oauthtoken` of Zoho's article and SDKs. Its `expiry_time` is milliseconds since 1970.
enum ZohoDatabase: Importer {
  static func recognizes(_ file: ForeignFile) -> Bool { file.isDatabase(with: "oauthtoken") }

  /// The columns of the article's table, of the SDKs', and of older ones, in the order of preference.
  private static let columns: KeyValuePairs<TokenField, [String]> = [
    .id: ["id"], .userName: ["user_name", "user_mail", "useridentifier"], .clientID: ["client_id"],
    .clientSecret: ["client_secret"], .refreshToken: ["refresh_token", "refreshtoken"],
    .accessToken: ["access_token", "accesstoken"], .grantToken: ["grant_token"],
    .redirectURL: ["redirect_url", "redirect_uri"], .apiDomain: ["api_domain"],
  ]

  static func records(in file: ForeignFile) throws(ForeignFault) -> ForeignRecords {
    var found = ForeignRecords()
    let database = try SQLiteDatabase(copyOf: file)
    try database.requireTable("oauthtoken")
    for row in try database.rows("SELECT * FROM oauthtoken ORDER BY rowid") {
      var token = OAuthToken()
      for (field, names) in columns {
        token = token.with(field, names.lazy.compactMap { row[$0] }.first)
      }
      let end = (row["expiry_time"] ?? row["expirytime"]).map { Expiry(zohoMilliseconds: $0) }
      if case .unreadable(let text) = end, !text.isEmpty {
        found.notes.append(
          "record \(found.tokens.count + 1) has an expiry_time that is no time; it is kept, and due"
        )
      }
      if !token.has(.clientID) { token[.clientID] = "zoho" }
      found.tokens.append(token.with(.expiresAt, end?.text))
    }
    return found
  }
}
