import Testing

@testable import TokenVault

@Suite struct RefreshAnswerTests {
  let now = moment(1_000_000)

  func answer(_ json: String) throws -> RefreshAnswer {
    try RefreshAnswer(Array(json.utf8).span, now: now)
  }

  func failure(_ json: String) throws -> String {
    let error = #expect(throws: RefreshFailure.self) { _ = try answer(json) }
    #expect(error?.mayHaveUsedToken == true)
    return error?.description ?? ""
  }

  @Test func aWholeAnswerGivesEveryField() throws {
    let answer = try answer(
      #"""
      {"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":60,"scope":"x y",
       "id_token":"i","api_domain":"https://www.zohoapis.eu","client_id":"other","user_name":"eve",
       "id":"9","token_endpoint":"https://evil.example","extra":[1,{"a":null}]}
      """#)
    var expected = OAuthToken()
    expected.accessToken = "a"
    expected.refreshToken = "r"
    expected.tokenType = "Bearer"
    expected.scope = "x y"
    expected.idToken = "i"
    expected.apiDomain = "https://www.zohoapis.eu"
    expected.expiresAt = .at(moment(1_060_000))
    // Neither whose record it is, nor where it is refreshed.
    #expect(answer.record == expected)
    #expect(answer.problem == nil)
  }

  @Test func theLeastAnswerIsAnAccessToken() throws {
    let answer = try answer(#"{"access_token":"a"}"#)
    #expect(answer.problem == nil)
    #expect(answer.record.refreshToken == nil)
    // Clears the end of the token before.
    #expect(answer.record[.expiresAt] == "")
  }

  @Test(arguments: [
    ("60", 60), (#""60""#, 60), ("60.9", 60), (#""60.9""#, 60), ("1", 1), ("60.0", 60),
  ])
  func expiresInMayBeWrittenInManyWays(_ value: String, _ seconds: Int64) throws {
    let answer = try answer(#"{"access_token":"a","expires_in":\#(value)}"#)
    #expect(answer.problem == nil)
    #expect(answer.record.expiresAt == now.adding(seconds: seconds).map(Expiry.at))
  }

  @Test func withoutExpiresInThereIsNoEnd() throws {
    let answer = try answer(#"{"access_token":"a","expires_in":null}"#)
    #expect(answer.problem == nil)
    #expect(answer.record[.expiresAt] == "")
  }

  @Test func theSecondsOfZohoAreTakenAndNotTheMilliseconds() throws {
    let answer = try answer(#"{"access_token":"a","expires_in":3600000,"expires_in_sec":3600}"#)
    #expect(answer.record.expiresAt == .at(moment(4_600_000)))
  }

  @Test(arguments: [("0", 0), ("-1", -1), (#""-60""#, -60), ("0.9", 0)])
  func aTokenThatHasEndedAlreadyIsKeptAndDue(_ value: String, _ seconds: Int64) throws {
    let answer = try answer(#"{"access_token":"a","refresh_token":"r","expires_in":\#(value)}"#)
    #expect(answer.problem == nil && answer.doubt == nil)
    #expect(answer.record.accessToken == "a" && answer.record.refreshToken == "r")
    #expect(answer.record.expiresAt == now.adding(seconds: seconds).map(Expiry.at))
    #expect(!answer.record.isGood(for: 0, at: VaultTime(clock: now)))
  }

  @Test(arguments: [#""soon""#, #""60.x""#, "[60]", #"{"s":60}"#])
  func ofALifetimeThatIsNoneTheTokensAreKeptAndTheEndIsUnknown(_ value: String) throws {
    let answer = try answer(
      #"{"access_token":"a","refresh_token":"r","scope":"s","expires_in":\#(value)}"#)
    #expect(answer.problem == nil && answer.record.accessToken == "a")
    #expect(answer.record.refreshToken == "r" && answer.record.scope == "s")
    #expect(answer.record.expiresAt == .unknown)
    #expect(answer.doubt?.hasPrefix("'expires_in' is no time that is understood") == true)
  }

  @Test func aMomentBeatsALifetimeAndTheLifetimeCountsFromTheTimeOfIssue() throws {
    let other = try answer(
      #"{"access_token":"a","expires_in":60,"expires_at":"1970-01-01 00:30:00 UTC"}"#)
    #expect(other.record.expiresAt == .at(moment(1_800_000)))
    let issued = try RefreshAnswer(
      Array(#"{"access_token":"a","expires_in":7200,"created_at":1700000000}"#.utf8).span,
      now: Timestamp(millisecondsSince1970: 1_700_000_100_000))
    #expect(issued.record.expiresAt?.text == "2023-11-15T00:13:20.000Z")
    // A server whose clock is ahead.
    let ahead = try RefreshAnswer(
      Array(#"{"access_token":"a","expires_in":7200,"created_at":1800000000}"#.utf8).span,
      now: Timestamp(millisecondsSince1970: 1_700_000_000_000))
    #expect(ahead.record.expiresAt?.text == "2023-11-15T00:13:20.000Z")
  }

  @Test func theFormEncodingIsReadLikeJSON() throws {
    let answer = try answer(
      "access_token=a%2Bb+c&expires_in=60&refresh_token=r&refresh_token_expires_in=9&scope=&token_type=bearer"
    )
    #expect(answer.problem == nil && answer.record.accessToken == "a+b c")
    #expect(answer.record.refreshToken == "r" && answer.record.scope == nil)
    #expect(answer.record.tokenType == "bearer")
    #expect(answer.record.expiresAt == .at(moment(1_060_000)))
    let error = #expect(throws: TokenEndpointError.self) {
      _ = try self.answer(
        "error=bad_refresh_token&error_description=Gone.&error_uri=https%3A%2F%2Fx")
    }
    #expect(error?.code == "bad_refresh_token" && error?.explanation == "Gone.")
  }

  @Test func scopesMayBeAListAndNamesMayBeWrittenOtherwise() throws {
    let answer = try answer(
      #"{"accessToken":"a","refreshToken":"r","expiresIn":60,"scope":["chat:read","user_read"]}"#)
    #expect(answer.record.accessToken == "a" && answer.record.refreshToken == "r")
    #expect(answer.record.scope == "chat:read user_read")
    #expect(answer.record.expiresAt == .at(moment(1_060_000)))
  }

  @Test func whatIsOddBesideTheTokensIsNoReasonToLoseThem() throws {
    let answer = try answer(
      #"{"access_token":"a","refresh_token":"r","scope":{"a":1},"token_type":7.5,"revision":"x","id":[1],"refresh_state":"begun"}"#
    )
    #expect(answer.problem == nil && answer.record.refreshToken == "r")
    #expect(answer.record.scope == nil && answer.record.tokenType == nil)
    #expect(answer.record.revision == 0)
  }

  @Test func theLibraryMakesATokenOfALoginsAnswer() throws {
    let json = #"{"access_token":"a","expires_in":60,"user_name":"eve","api_domain":"https://e"}"#
    let token = try OAuthToken(answer: Array(json.utf8).span, at: now)
    var expected = OAuthToken()
    expected.accessToken = "a"
    expected.expiresAt = .at(moment(1_060_000))
    #expect(token == expected)
    #expect(throws: RefreshFailure("the answer has no access_token")) {
      try OAuthToken(answer: Array(#"{"scope":"a"}"#.utf8).span, at: now)
    }
    #expect(throws: TokenEndpointError.self) {
      try OAuthToken(answer: Array("error=access_denied".utf8).span, at: now)
    }
  }

  @Test func tokensInsideAnotherObjectAreNamed() throws {
    let answer = try answer(#"{"ok":true,"authed_user":{"access_token":"a"}}"#)
    #expect(answer.problem == "the answer's tokens are inside 'authed_user'")
  }
}
