import TokenVault

/// A record that a server of these tests refreshes at a path.
func record(
  at url: String, family: String = "ann", secret: Secret? = "word", method: AttributeValue? = nil
) -> OAuthToken {
  var token = OAuthToken()
  token.id = "1"
  token.clientID = "app"
  token.clientSecret = secret
  token.refreshToken = Secret("\(family).0")
  token.scope = "read"
  token.attributes["token_endpoint"] = .text(Secret(url))
  token.attributes["token_endpoint_auth_method"] = method
  return token
}
