internal import TokenVault

/// How a client authenticates (RFC 7591, section 2, `token_endpoint_auth_method`).
enum ClientAuthentication {
  /// Id and secret in an Authorization header (RFC 6749, section 2.3.1).
  case basic(id: Secret, secret: Secret)
  /// Id and secret in the body.
  case post(id: String, secret: Secret)
  /// A public client: the id alone, in the body.
  case none(id: String)

  static let methodName = OAuthToken.tokenEndpointMethodName

  /// As the record says; else as Zoho requires it of its clients; else the default of RFC 7591.
  init(_ token: OAuthToken, isZoho: Bool) throws(NotRenewable) {
    guard let id = token.clientID, !id.isEmpty else { throw NotRenewable("it has no client_id") }
    let secret = token.clientSecret.flatMap { $0.revealed.isEmpty ? nil : $0 }
    let method = try token.text(Self.methodName)
    switch (method ?? Self.defaultMethod(isZoho: isZoho, hasSecret: secret != nil), secret) {
    case ("none", _): self = .none(id: id)
    case ("client_secret_basic", let secret?): self = .basic(id: Secret(id), secret: secret)
    case ("client_secret_post", let secret?): self = .post(id: id, secret: secret)
    case ("client_secret_basic", nil), ("client_secret_post", nil):
      throw NotRenewable("its \(Self.methodName) needs a client_secret, and it has none")
    default:
      throw NotRenewable(
        "its \(Self.methodName) is none of client_secret_basic, client_secret_post and none")
    }
  }

  private static func defaultMethod(isZoho: Bool, hasSecret: Bool) -> String {
    guard hasSecret else { return "none" }
    return isZoho ? "client_secret_post" : "client_secret_basic"
  }

  var fields: [(name: String, value: String)] {
    switch self {
    case .basic: []
    case .post(let id, let secret): [("client_id", id), ("client_secret", secret.revealed)]
    case .none(let id): [("client_id", id)]
    }
  }
}
