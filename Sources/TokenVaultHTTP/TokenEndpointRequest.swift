internal import TokenVault

/// All that goes to a server to have a record refreshed (RFC 6749, section 6).
struct TokenEndpointRequest {
  let endpoint: TokenEndpoint
  let authentication: ClientAuthentication
  private let refreshToken: Secret

  /// As the record says. Nothing is sent before all of it was found good.
  init(_ token: OAuthToken, _ libcurl: Libcurl) throws(NotRenewable) {
    guard let refreshToken = token.refreshToken, !refreshToken.revealed.isEmpty else {
      throw NotRenewable("it has no refresh_token")
    }
    self.refreshToken = refreshToken
    endpoint = try TokenEndpoint(Self.url(token), libcurl)
    authentication = try ClientAuthentication(token, isZoho: ZohoAccounts.isServer(endpoint.host))
  }

  private static func url(_ token: OAuthToken) throws(NotRenewable) -> String {
    if let url = try token.text(OAuthToken.tokenEndpointName) { return url }
    guard let url = token.apiDomain.flatMap(ZohoAccounts.tokenEndpoint(forAPI:)) else {
      throw NotRenewable("it has no \(OAuthToken.tokenEndpointName), the URL to refresh it at")
    }
    return url
  }

  /// The body, which the caller cleanses. Without `scope`: a server that is not asked gives what it gave
  /// before.
  var body: FormBody {
    FormBody(
      [("grant_type", "refresh_token"), ("refresh_token", refreshToken.revealed)]
        + authentication.fields)
  }
}
