internal import TokenVault

/// What is sent to a server to refresh a record (RFC 6749, section 6).
struct TokenEndpointRequest<Endpoint: CheckedEndpoint> {
  let endpoint: Endpoint
  let authentication: ClientAuthentication
  private let refreshToken: Secret

  /// Reads everything from the record, so that nothing is sent before all of it is valid.
  init(
    _ token: OAuthToken, _ check: (String) throws(NotRenewable) -> Endpoint
  ) throws(NotRenewable) {
    guard let refreshToken = token.refreshToken, !refreshToken.revealed.isEmpty else {
      throw NotRenewable("it has no refresh_token")
    }
    self.refreshToken = refreshToken
    endpoint = try check(Self.url(token))
    authentication = try ClientAuthentication(token, isZoho: ZohoAccounts.isServer(endpoint.host))
  }

  private static func url(_ token: OAuthToken) throws(NotRenewable) -> String {
    if let url = try token.text(OAuthToken.tokenEndpointName) { return url }
    guard let url = token.apiDomain.flatMap(ZohoAccounts.tokenEndpoint(forAPI:)) else {
      throw NotRenewable("it has no \(OAuthToken.tokenEndpointName), the URL to refresh it at")
    }
    return url
  }

  /// The request over libcurl.
  init(_ token: OAuthToken, _ libcurl: Libcurl) throws(NotRenewable)
  where Endpoint == TokenEndpoint {
    try self.init(token) { (url) throws(NotRenewable) in try TokenEndpoint(url, libcurl) }
  }

  /// The body, which the caller cleanses. It has no `scope`: the server then grants the scope of the login.
  func body() -> [UInt8] {
    FormBody.encode(
      [("grant_type", "refresh_token"), ("refresh_token", refreshToken.revealed)]
        + authentication.fields)
  }
}
