/// Where a refresh sends a record's client secret and refresh token, as `RefreshTokenGrant` decides it.
struct SecretDestination: Equatable {
  /// The server that the secrets go to.
  enum Server: Equatable {
    /// The record names none, so a refresh by the grant fails before it sends anything.
    case none
    /// Scheme, host and port.
    case origin(String)
    /// A URL that parsers may take apart differently: only the same text is the same server.
    case unreadable(ExactText)
  }

  let server: Server
  /// The `token_endpoint_auth_method`, which decides whether the client secret is sent, and in which part of the request.
  private let method: AttributeValue?

  /// What the record says now.
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

  /// How messages name the server; nil where there is none. Never the URL itself, which may hold a password.
  var name: String? {
    switch server {
    case .none: nil
    case .origin(let origin): origin
    case .unreadable: "a URL without a plain host"
    }
  }
}
