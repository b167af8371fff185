/// The named text fields of a record, in the order in which they are written.
package enum TokenField: Int, CaseIterable, Sendable {
  case id, userName, clientID, clientSecret, refreshToken, accessToken, grantToken, expiresAt
  case redirectURL, apiDomain, scope, tokenType, idToken, secret

  /// Stored, because the synthesized property makes a new array on each access.
  package static let allCases: [TokenField] = [
    .id, .userName, .clientID, .clientSecret, .refreshToken, .accessToken, .grantToken, .expiresAt,
    .redirectURL, .apiDomain, .scope, .tokenType, .idToken, .secret,
  ]

  /// The name in JSON and in the CSV header.
  package var name: String {
    switch self {
    case .id: "id"
    case .userName: "user_name"
    case .clientID: "client_id"
    case .clientSecret: "client_secret"
    case .refreshToken: "refresh_token"
    case .accessToken: "access_token"
    case .grantToken: "grant_token"
    case .expiresAt: "expires_at"
    case .redirectURL: "redirect_url"
    case .apiDomain: "api_domain"
    case .scope: "scope"
    case .tokenType: "token_type"
    case .idToken: "id_token"
    case .secret: "secret"
    }
  }

  /// Whether the value is a credential, which output masks by default.
  package var isSecret: Bool {
    switch self {
    case .clientSecret, .refreshToken, .accessToken, .grantToken, .idToken, .secret: true
    default: false
    }
  }

  /// Whether an empty text is a value of its own, and neither clears the field nor counts as absent.
  var mayBeEmpty: Bool { self == .secret }

  /// A new record must have one of these.
  static let credentials: [TokenField] = [.accessToken, .refreshToken, .grantToken]
}
