import TokenVault

/// A record of ten texts, as a program has it that keeps its tokens in SQL; about 500 bytes in our JSON.
struct TestRecord: Sendable {
  var id, userName, clientID, clientSecret, refreshToken, accessToken, grantToken: String
  var expiresAt, redirectURL, apiDomain: String

  /// The record that the stores have under this number, from 1 on: users distinct, the client the same.
  init(number: Int) {
    var random = SeededGenerator(seed: number)
    id = String(number)
    userName = Self.user(number)
    clientID = "1000.B74550FB9BFC7B79DBEA9449B25E2B"
    clientSecret = "372a10af38424f8ec27f733936dac146958a723c0d"
    refreshToken = Self.token(&random)
    accessToken = Self.token(&random)
    grantToken = Self.token(&random)
    expiresAt = "2099-01-01T00:00:00.000Z"
    redirectURL = "https://zylker.example/cb"
    apiDomain = "https://www.zohoapis.com"
  }

  /// From the columns of `columns`, in that order.
  init(_ column: (Int32) -> String) {
    id = column(0)
    userName = column(1)
    clientID = column(2)
    clientSecret = column(3)
    refreshToken = column(4)
    accessToken = column(5)
    grantToken = column(6)
    expiresAt = column(7)
    redirectURL = column(8)
    apiDomain = column(9)
  }

  static let columns = [
    "id", "user_name", "client_id", "client_secret", "refresh_token", "access_token",
    "grant_token", "expires_at", "redirect_url", "api_domain",
  ]

  /// The texts of `columns`.
  var texts: [String] {
    [
      id, userName, clientID, clientSecret, refreshToken, accessToken, grantToken, expiresAt,
      redirectURL, apiDomain,
    ]
  }

  static func user(_ number: Int) -> String { "user\(number)@zylker.example" }

  /// Like one of Zoho's, and in no order.
  static func token(_ random: inout SeededGenerator) -> String {
    "1000.\(random.digits()).\(random.digits())c0a8012f97d14e63"
  }

  /// The same for our store.
  var token: OAuthToken {
    var token = OAuthToken()
    (token.id, token.userName, token.clientID) = (id, userName, clientID)
    token.clientSecret = Secret(clientSecret)
    token.refreshToken = Secret(refreshToken)
    token.accessToken = Secret(accessToken)
    token.grantToken = Secret(grantToken)
    token.expiresAt = Expiry(expiresAt)
    (token.redirectURL, token.apiDomain) = (redirectURL, apiDomain)
    return token
  }
}
