import TokenVault

/// A record of ten texts, as a program stores it that keeps its tokens in SQL; about 500 bytes in our JSON.
struct TestRecord: Sendable {
  let id, userName, clientID, clientSecret, refreshToken, accessToken, grantToken: String
  let expiresAt, redirectURL, apiDomain: String

  static let columns = [
    "id", "user_name", "client_id", "client_secret", "refresh_token", "access_token", "grant_token",
    "expires_at", "redirect_url", "api_domain",
  ]
  /// Those with an index beside the primary key, which is the id.
  static let keys = ["user_name", "refresh_token", "access_token", "grant_token"]

  /// The record with this number, from 1: the users are distinct, the client is the same.
  init(number: Int) {
    var random = SeededGenerator(seed: number)
    (id, userName) = (String(number), Self.user(number))
    clientID = "1000.B74550FB9BFC7B79DBEA9449B25E2B"
    clientSecret = "372a10af38424f8ec27f733936dac146958a723c0d"
    refreshToken = Self.token(&random)
    accessToken = Self.token(&random)
    grantToken = Self.token(&random)
    expiresAt = "2099-01-01T00:00:00.000Z"
    redirectURL = "https://zylker.example/cb"
    apiDomain = "https://www.zohoapis.com"
  }

  /// From a row with the columns of `columns`, which are asked for in order.
  init(_ column: (Int32) -> String) {
    (id, userName, clientID, clientSecret) = (column(0), column(1), column(2), column(3))
    (refreshToken, accessToken, grantToken) = (column(4), column(5), column(6))
    (expiresAt, redirectURL, apiDomain) = (column(7), column(8), column(9))
  }

  /// The texts of `columns`.
  var texts: [String] {
    [
      id, userName, clientID, clientSecret, refreshToken, accessToken, grantToken, expiresAt,
      redirectURL, apiDomain,
    ]
  }

  /// The texts as one, with a byte between them that none of them has.
  var packed: String { texts.joined(separator: "\u{1F}") }

  init(packed: UnsafeRawBufferPointer) {
    var start = 0
    self.init { _ in
      let rest = UnsafeRawBufferPointer(rebasing: packed[start...])
      let count = rest.firstIndex(of: 0x1F) ?? rest.count
      start = min(packed.count, start + count + 1)
      return String(decoding: UnsafeRawBufferPointer(rebasing: rest[..<count]), as: UTF8.self)
    }
  }

  func changed(by change: TokenChange) -> TestRecord {
    var texts = texts
    (texts[5], texts[7]) = (change.accessToken, change.expiresAt)
    return TestRecord { texts[Int($0)] }
  }

  /// The texts of `keys`, with a letter for each.
  var keyTexts: [(String, String)] {
    [("u", userName), ("r", refreshToken), ("a", accessToken), ("g", grantToken)]
  }

  static func user(_ number: Int) -> String { "user\(number)@zylker.example" }

  /// Like one of Zoho's, and in no order.
  static func token(_ random: inout SeededGenerator) -> String {
    "1000.\(random.digits()).\(random.digits())c0a8012f97d14e63"
  }

  /// The same record for a vault.
  var token: OAuthToken {
    var token = OAuthToken()
    (token.id, token.userName, token.clientID) = (id, userName, clientID)
    (token.clientSecret, token.refreshToken) = (Secret(clientSecret), Secret(refreshToken))
    (token.accessToken, token.grantToken) = (Secret(accessToken), Secret(grantToken))
    token.expiresAt = Expiry(expiresAt)
    (token.redirectURL, token.apiDomain) = (redirectURL, apiDomain)
    return token
  }
}
