import Testing

@testable import TokenRecords

@Suite struct AnswerNamesTests {
  @Test(arguments: [
    ("accessToken", TokenField.accessToken), ("token", .accessToken),
    ("Access Token", .accessToken),
    ("ACCESS-TOKEN", .accessToken), ("oauth_token", .accessToken), ("refreshToken", .refreshToken),
    ("clientId", .clientID), ("ClientID", .clientID), ("clientSecret", .clientSecret),
    ("user", .userName), ("user_mail", .userName), ("USER_MAIL", .userName), ("email", .userName),
    ("username", .userName), ("account", .userName), ("redirect_uri", .redirectURL),
    ("redirectURL", .redirectURL), ("scopes", .scope), ("idToken", .idToken), ("Id", .id),
    ("tokenType", .tokenType),
  ])
  func aFieldHasManyNames(_ name: String, _ field: TokenField) {
    guard case .field(field, _) = AnswerNames.role(of: name) else {
      Issue.record("\(name): \(AnswerNames.role(of: name))")
      return
    }
  }

  @Test(arguments: [
    "expires_at", "expiry", "expires_on", "expiry_date", "expiry_time", "token_expiry",
    "access_token_expiration", "expiresAt", "exp", "accessTokenExpiresAt", "expiration",
  ])
  func anEndHasManyNames(_ name: String) {
    guard case .end = AnswerNames.role(of: name) else {
      Issue.record("\(name): \(AnswerNames.role(of: name))")
      return
    }
  }

  @Test(arguments: [
    "created_at", "issued_at", "obtained_at", "granted_time", "timestamp", "createdAt", "iat",
  ])
  func aTimeOfIssueHasManyNames(_ name: String) {
    guard case .issueTime = AnswerNames.role(of: name) else {
      Issue.record("\(name): \(AnswerNames.role(of: name))")
      return
    }
  }

  @Test(arguments: [
    "refresh_expires_in", "refresh_token_expires_in", "ext_expires_in", "extended_expires_on",
    "x_refresh_token_expires_in", "refreshTokenExpiresAt", "id_token_expires_in",
    "registrationExpiresAt", "client_secret_expires_at", "note", "",
  ])
  func endsOfOtherThingsMeanNothing(_ name: String) {
    #expect(AnswerNames.role(of: name) == .unknown)
  }

  @Test(arguments: ["myExpiryThing", "valid_to", "expired_on_date", "ttl", "token_lifetime"])
  func whatLooksLikeAnEndIsNoticed(_ name: String) {
    #expect(AnswerNames.role(of: name) == .likeAnEnd)
  }

  @Test(arguments: [
    ("acces_token", "access_token"), ("refesh_token", "refresh_token"),
    ("acess_tokn", "access_token"),
    ("client_idd", "client_id"), ("usr_name", "user_name"), ("acecss_token", "access_token"),
    ("token_endpont", "token_endpoint"), ("expire_in", "expires_in"),
    ("RefreshTokne", "refresh_token"),
  ])
  func aMisspelledNameHasTheNearest(_ name: String, _ known: String) {
    #expect(AnswerNames.similar(to: name) == known)
  }

  @Test(arguments: ["note", "universe_domain", "region", "ids", "score", "state", "", "x"])
  func otherNamesAreNearToNone(_ name: String) {
    #expect(AnswerNames.similar(to: name) == nil)
  }

  @Test func aNameWithoutEndIsNotLookedAt() {
    let long = String(repeating: "expires", count: 100_000)
    #expect(AnswerNames.role(of: long) == .unknown && AnswerNames.similar(to: long) == nil)
  }
}
