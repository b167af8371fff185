import Testing

@testable import TokenVault

// Answers that are odd, or none.
extension RefreshAnswerTests {
  @Test func aLifetimeBeyondAllYearsHasNoEnd() throws {
    for value in ["9223372036854775807", "9000000000000000", "99999999999999999999", "1e300"] {
      let answer = try answer(#"{"access_token":"a","expires_in":\#(value)}"#)
      #expect(answer.problem == nil && answer.record.accessToken == "a")
      #expect(answer.record.expiresAt == .unreadable(""))
    }
    #expect(
      try answer(#"{"access_token":"a","expires_in":3.6e3}"#).record.expiresAt
        == answer(#"{"access_token":"a","expires_in":3600}"#).record.expiresAt)
  }

  @Test(arguments: [
    #"{"refresh_token":"r"}"#, #"{"access_token":"","refresh_token":"r"}"#,
    #"{"access_token":5.5,"refresh_token":"r"}"#, #"{"access_token":null,"refresh_token":"r"}"#,
    #"{"error":{"code":"invalid_grant"},"refresh_token":"r"}"#,
  ])
  func withoutAnAccessTokenTheRefreshTokenIsKept(_ json: String) throws {
    let answer = try answer(json)
    #expect(answer.problem == "the answer has no access_token")
    #expect(answer.record.refreshToken == "r")
  }

  @Test func ofANameThatIsThereTwiceTheFirstCounts() throws {
    let answer = try answer(#"{"access_token":"a","access\u005ftoken":"b","expires_in":1}"#)
    #expect(answer.record.accessToken == "a")
  }

  @Test(
    arguments: [
      (#"{"error":"invalid_grant"}"#, "invalid_grant", nil, true),
      (#"{"error":"invalid_code"}"#, "invalid_code", nil, true),
      (
        #"{"error":"bad_refresh_token","error_description":"Gone."}"#, "bad_refresh_token", "Gone.",
        true
      ),
      (#"{"error":"invalid_client","error_description":""}"#, "invalid_client", nil, false),
      (#"{"error":"slow down\u001b[31m"}"#, "slowdown[31m", nil, false),
      (#"{"error":"x","error_description":"a\n\u00e4\u007fb"}"#, "x", "ab", false),
    ] as [(String, String, String?, Bool)])
  func aRefusalIsThrown(
    _ json: String, _ code: String, _ explanation: String?, _ rejects: Bool
  ) throws {
    let error = #expect(throws: TokenEndpointError.self) { _ = try answer(json) }
    #expect(error?.code == code)
    #expect(error?.explanation == explanation)
    #expect((error?.meaning == .rejectsRefreshToken) == rejects)
  }

  @Test func aRefusalsWordsAreCut() throws {
    let long = String(repeating: "x", count: 1000)
    let error = #expect(throws: TokenEndpointError.self) {
      _ = try answer(#"{"error":"\#(long)","error_description":"\#(long)"}"#)
    }
    #expect(error?.code.count == 64)
    #expect(error?.explanation?.count == 300)
  }

  @Test func anErrorBesideAnAccessTokenIsNoRefusal() throws {
    #expect(try answer(#"{"access_token":"a","error":"warning"}"#).problem == nil)
  }

  @Test(arguments: [
    " ", "null", "[]", "\"secret\"", "secret", "{", #"{"access_token":"secret""#,
    #"{"access_token":"secret"}x"#, #"{"access_token":"secret"}{}"#, #"{"access_token":secret}"#,
    #"{"access_token":"secret\ud800"}"#, #"{"access_token":"secret\q"}"#,
    "{\"access_token\":\"secret\n\"}", "{'access_token':'secret'}",
    "access_token=secret&expires_in=%3", "access_token=secret\n&x=1", "<html>secret</html>",
  ])
  func whatIsNoJSONObjectIsAFailureWithoutItsSecrets(_ text: String) throws {
    let sentence = try failure(text)
    #expect(sentence.hasPrefix("the answer is not that of a token endpoint: line 1, column"))
    #expect(!sentence.contains("secret"))
  }

  @Test func bytesThatAreNoTextAreAFailure() {
    let bytes = Array(#"{"access_token":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
    #expect(throws: RefreshFailure.self) { try RefreshAnswer(bytes.span, now: now) }
  }

  @Test func deepNestingIsAFailureAndNoCrash() throws {
    for depth in [66, 100_000] {
      let nested =
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      #expect(try failure(#"{"access_token":"a","x":\#(nested)}"#).contains("nested deeper"))
    }
  }

  @Test func oneByteMoreThanTheLimitIsAFailure() throws {
    let answer = #"{"access_token":"a"}"#
    let room = RefreshAnswer.sizeLimit - answer.utf8.count
    #expect(try self.answer(answer + String(repeating: " ", count: room)).problem == nil)
    #expect(
      try failure(answer + String(repeating: " ", count: room + 1))
        == "the answer is longer than 1000000 bytes")
  }

  @Test func anAnswerByOtherMeansFollowsTheSameRules() {
    let good = RefreshAnswer(
      accessToken: "a", refreshToken: "r", expiresIn: .seconds(60), scope: "s", now: now)
    #expect(good.problem == nil)
    #expect(good.record.expiresAt == .at(moment(1_060_000)))
    #expect(RefreshAnswer(accessToken: "a").record[.expiresAt] == "")
    let ended = RefreshAnswer(accessToken: "a", refreshToken: "r", expiresIn: .zero, now: now)
    #expect(ended.problem == nil && ended.record.expiresAt == .at(now))
    #expect(RefreshAnswer(accessToken: "").problem == "the answer has no access_token")
    // Empty texts would clear what the record has.
    let empty = RefreshAnswer(accessToken: "a", refreshToken: "", scope: "")
    #expect(empty.record.refreshToken == nil)
    #expect(empty.record.scope == nil)
  }

  @Test func printingAnAnswerShowsNoSecret() throws {
    let answer = try answer(#"{"access_token":"secret-a","refresh_token":"secret-r"}"#)
    var text = "\(answer)"
    dump(answer, to: &text)
    #expect(!text.contains("secret-"))
  }
}
