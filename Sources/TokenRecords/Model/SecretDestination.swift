/// Where a refresh sends a record's client secret and refresh token, by the rules of `RefreshTokenGrant`.
struct SecretDestination: Equatable {
  /// The server that receives the secrets.
  enum Server: Equatable {
    /// The record names no server, so the grant fails before it sends anything.
    case none
    /// Scheme, host and port.
    case origin(String)
    /// A URL that parsers may read differently; only the same text counts as the same server.
    case unreadable(ExactText)
  }

  let server: Server
  /// The `token_endpoint_auth_method`: whether the grant sends the client secret, and in which part of the request.
  private let method: AttributeValue?

  init(of token: OAuthToken) {
    server = Self.server(of: token)
    let method = token.attributes[OAuthToken.tokenEndpointMethodName]
    self.method = method?.isEmpty == true ? nil : method
  }

  private static func server(of token: OAuthToken) -> Server {
    switch token.attributes[OAuthToken.tokenEndpointName] {
    case .text(let url) where !url.revealed.isEmpty: server(at: url.revealed)
    case .json: .none
    default:
      token.apiDomain.flatMap { ZohoAccounts.tokenEndpoint(forAPI: $0) }.map(server(at:)) ?? .none
    }
  }

  private static func server(at url: String) -> Server {
    EndpointOrigin.text(of: url).map { .origin($0) } ?? .unreadable(ExactText(url))
  }

  /// The server's name in messages; nil for none. Never the URL itself, which may contain a password.
  var name: String? {
    switch server {
    case .none: nil
    case .origin(let origin): origin
    case .unreadable: "a URL without a plain host"
    }
  }
}
