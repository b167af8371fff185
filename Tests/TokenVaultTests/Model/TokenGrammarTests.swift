import Testing

@testable import TokenRecords
@testable import TokenVault

/// The characters of access and refresh tokens (RFC 6749, appendix A.12 and A.17).
@Suite struct TokenGrammarTests {
  @Test func everyCharacterIsAllowedOrRefusedAsTheStandardHasIt() {
    for value in UInt32(0)...0x2FF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(TokenGrammar.allows("t\(scalar)k") == (0x20...0x7E).contains(value), "\(value)")
    }
    #expect(!TokenGrammar.allows(""))
  }

  @Test func theFieldOfARecordIsNamedThatBreaksTheGrammar() {
    var record = OAuthToken()
    record.userName = "a\nb"
    record.accessToken = "a b~"
    #expect(TokenGrammar.fault(in: record) == nil)
    record.refreshToken = "r\n"
    #expect(TokenGrammar.fault(in: record) == .refreshToken)
    record.accessToken = "ü"
    #expect(TokenGrammar.fault(in: record) == .accessToken)
  }

  @Test func anAnswerKeepsTheRefreshTokenThatIsOneAndNoOtherToken() throws {
    let good = RefreshAnswer(accessToken: "a\r\nb", refreshToken: "r")
    #expect(good.problem?.contains("access_token") == true)
    #expect(good.record.accessToken == nil && good.record.refreshToken == "r")
    let bad = RefreshAnswer(accessToken: "a", refreshToken: "r\u{1B}")
    #expect(bad.problem?.contains("refresh_token") == true)
    #expect(bad.record.refreshToken == nil && bad.record.accessToken == nil)
  }
}
