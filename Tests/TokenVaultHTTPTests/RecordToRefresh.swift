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

/// What a refresh threw.
enum Outcome: Equatable {
  case answered
  case failed(String, mayHaveUsedToken: Bool)
  case refused(String, rejectsRefreshToken: Bool)
  case notRenewable(String)
  case other(String)

  init(_ body: () throws -> Void) {
    do {
      try body()
      self = .answered
    } catch let error as RefreshFailure {
      self = .failed(error.description, mayHaveUsedToken: error.mayHaveUsedToken)
    } catch let error as TokenEndpointError {
      self = .refused(error.description, rejectsRefreshToken: error.rejectsRefreshToken)
    } catch TokenVaultError.notRenewable(_, let reason) {
      self = .notRenewable(reason)
    } catch {
      self = .other("\(error)")
    }
  }
}
