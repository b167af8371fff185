import TokenVault

/// A record of ten texts, as a program stores it that keeps its tokens in SQL; about 500 bytes in our JSON.
struct TestRecord: Sendable {
  static let columns = [
    "id", "user_name", "client_id", "client_secret", "refresh_token", "access_token", "grant_token",
    "expires_at", "redirect_url", "api_domain",
  ]
  /// Those with an index beside the primary key, which is the id.
  static let keys = ["user_name", "refresh_token", "access_token", "grant_token"]

  /// The texts of `columns`.
  private(set) var texts: [String]

  /// The record with this number, from 1: the users are distinct, the client is the same.
  init(number: Int) {
    var random = SeededGenerator(seed: number)
    texts = [
      String(number), Self.user(number), "1000.B74550FB9BFC7B79DBEA9449B25E2B",
      "372a10af38424f8ec27f733936dac146958a723c0d", Self.token(&random), Self.token(&random),
      Self.token(&random), "2099-01-01T00:00:00.000Z", "https://zylker.example/cb",
      "https://www.zohoapis.com",
    ]
  }

  /// From a row.
  init(_ column: (Int32) -> String) { texts = (0..<Int32(Self.columns.count)).map(column) }

  init(packed: UnsafeRawBufferPointer) {
    texts = packed.split(separator: 0x1F).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The texts as one, with a byte between them that none of them has.
  var packed: String { texts.joined(separator: "\u{1F}") }

  subscript(column: String) -> String { texts[Self.columns.firstIndex(of: column) ?? 0] }

  mutating func apply(_ change: TokenChange) {
    (texts[5], texts[7]) = (change.accessToken, change.expiresAt)
  }

  static func user(_ number: Int) -> String { "user\(number)@zylker.example" }

  /// Like one of Zoho's, and in no order.
  static func token(_ random: inout SeededGenerator) -> String {
    "1000.\(random.digits()).\(random.digits())c0a8012f97d14e63"
  }

  /// The same record for a vault.
  var token: OAuthToken {
    var token = OAuthToken()
    (token.id, token.userName, token.clientID) = (texts[0], texts[1], texts[2])
    (token.clientSecret, token.refreshToken) = (Secret(texts[3]), Secret(texts[4]))
    (token.accessToken, token.grantToken) = (Secret(texts[5]), Secret(texts[6]))
    (token.expiresAt, token.redirectURL) = (Expiry(texts[7]), texts[8])
    token.apiDomain = texts[9]
    return token
  }
}
