import TokenVault

/// What a refresh saves: a user's new access token and its expiry.
struct TokenChange: Sendable {
  let userName: String
  let accessToken: String
  let expiresAt: String

  /// A change of one of the first `count` users.
  static func random(of count: Int, _ random: inout SeededGenerator) -> TokenChange {
    TokenChange(
      userName: TestRecord.user(.random(in: 1...count, using: &random)),
      accessToken: TestRecord.token(&random),
      expiresAt: "2099-01-01T00:00:00.\(Int.random(in: 100...999, using: &random))Z")
  }

  var token: OAuthToken {
    var token = OAuthToken()
    token.userName = userName
    token.accessToken = Secret(accessToken)
    token.expiresAt = Expiry(expiresAt)
    return token
  }
}
