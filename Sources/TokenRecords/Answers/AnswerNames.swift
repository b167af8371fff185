/// The names by which programs and servers call the fields of a record: one table for JSON, CSV and forms.
///
/// Names compare without case, `_`, `-`, points and blanks, so that `accessToken` and `Access Token` are `access_token`.
enum AnswerNames {
  /// The longest name that the table knows, in bytes.
  private static let sizeLimit = 48

  private static let fields: [(field: TokenField, names: [String])] = [
    (.id, ["id"]),
    (
      .userName,
      [
        "user_name", "user_mail", "user_email", "user", "login", "email", "mail", "account",
        "account_name", "preferred_username",
      ]
    ),
    (.clientID, ["client_id", "client"]), (.clientSecret, ["client_secret"]),
    (.refreshToken, ["refresh_token"]),
    (.accessToken, ["access_token", "token", "oauth_token", "bearer_token"]),
    (.grantToken, ["grant_token", "authorization_code", "auth_code"]),
    (.redirectURL, ["redirect_url", "redirect_uri", "callback_url"]),
    (.apiDomain, ["api_domain"]), (.scope, ["scope", "scopes", "granted_scopes"]),
    (.tokenType, ["token_type"]), (.idToken, ["id_token"]), (.secret, ["secret"]),
  ]

  private static let attributes: [(name: String, names: [String])] = [
    (OAuthToken.tokenEndpointName, ["token_endpoint", "token_uri", "token_url"]),
    (OAuthToken.tokenEndpointMethodName, [OAuthToken.tokenEndpointMethodName]),
  ]

  /// Of several, the earlier is preferred.
  private static let ends = [
    "expires_at", "access_token_expires_at", "token_expires_at", "expiry", "token_expiry",
    "access_token_expiry", "expires_on", "expiry_date", "expiry_time", "access_token_expiration",
    "token_expiration", "expiration", "expiration_time", "expiration_date", "expire_at",
    "expire_time", "expires_date", "expires_timestamp", "expiry_timestamp", "valid_until", "exp",
  ]
  /// Zoho's servers send seconds as `expires_in_sec`, and milliseconds as `expires_in`.
  private static let lifetimes = [
    "expires_in_sec", "expires_in", "expires_in_seconds", "access_token_expires_in",
    "token_expires_in",
  ]
  private static let endsOrLifetimes = ["expires", "access_token_expires", "token_expires"]
  private static let issueTimes = [
    "issued_at", "access_token_issued_at", "token_issued_at", "obtained_at", "granted_at",
    "granted_time", "acquired_at", "received_at", "retrieved_at", "fetched_at", "refreshed_at",
    "last_refresh", "iat", "token_created_at", "created_at", "created", "cached_at", "timestamp",
  ]

  private static let roles: [String: AnswerRole] = {
    var roles: [String: AnswerRole] = [:]
    func add(_ names: [String], _ role: (Int) -> AnswerRole) {
      for (rank, name) in names.enumerated() { roles[folded(name)] = role(rank) }
    }
    for (field, names) in fields { add(names) { .field(field, rank: $0) } }
    for (attribute, names) in attributes { add(names) { .attribute(attribute, rank: $0) } }
    add(ends) { .end(rank: $0) }
    add(lifetimes) { .lifetime(rank: $0) }
    add(endsOrLifetimes) { .endOrLifetime(rank: ends.count + $0) }
    add(issueTimes) { .issueTime(rank: $0) }
    return roles
  }()

  /// What a name stands for.
  static func role(of name: String) -> AnswerRole {
    guard name.utf8.count <= sizeLimit else { return .unknown }
    let folded = folded(name)
    return roles[folded] ?? (isLikeAnEnd(folded) ? .likeAnEnd : .unknown)
  }

  private static func folded(_ name: String) -> String {
    String(decoding: name.lowercased().utf8.filter { !"_-. ".utf8.contains($0) }, as: UTF8.self)
  }

  /// Whether the name may be that of an end of the access token; not that of another thing's end.
  private static func isLikeAnEnd(_ name: String) -> Bool {
    let isEnd = ["expir", "validto", "validuntil", "notafter", "lifetime"].contains {
      name.contains($0)
    }
    let isOther = ["refresh", "idtoken", "secret", "registration"].contains { name.contains($0) }
    return (isEnd || name == "ttl") && !isOther && !name.hasPrefix("ext")
  }

  // MARK: Misspelled names

  /// The known name that an unknown one is probably meant to be; nil if none is near.
  static func similar(to name: String) -> String? {
    guard name.utf8.count <= sizeLimit else { return nil }
    let given = Array(folded(name).utf8)
    let near = known.filter { abs($0.folded.count - given.count) <= 2 }
    let distances = near.map { (name: $0.name, distance: editDistance($0.folded, given)) }
    // A short name is near to too many words.
    let limit = given.count < 6 ? 0 : given.count < 9 ? 1 : 2
    let nearest = distances.min { $0.distance < $1.distance }
    return nearest.flatMap { $0.distance <= limit ? $0.name : nil }
  }

  /// The names that people misspell, as the records have them.
  private static let known: [(name: String, folded: [UInt8])] = {
    let names =
      TokenField.allCases.map(\.name) + attributes.map(\.name) + ["expires_in", "expiry_time"]
    return names.map { ($0, Array(folded($0).utf8)) }
  }()

  /// The number of bytes to insert, delete, replace or swap with the next (optimal string alignment).
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for (row, byte) in left.enumerated() {
      var next = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(rows[row][column + 1], next[column]) + 1
        best = min(best, rows[row][column] + (byte == other ? 0 : 1))
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          best = min(best, rows[row - 1][column - 1] + 1)
        }
        next.append(best)
      }
      rows.append(next)
    }
    return rows[left.count][right.count]
  }
}
