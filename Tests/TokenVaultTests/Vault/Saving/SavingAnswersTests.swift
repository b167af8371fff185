import Testing

@testable import TokenVault

/// Of an answer, no word decides which record it changes or where secrets go.
@Suite struct SavingAnswersTests {
  let directory: TemporaryDirectory
  let vault: Vault

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
  }

  private func answer(_ json: String) throws -> RefreshAnswer {
    try RefreshAnswer(Array(json.utf8).span, now: moment(0))
  }

  private func ann(_ client: String? = nil) -> OAuthToken {
    var record = OAuthToken()
    (record.userName, record.clientID) = ("ann", client)
    return record
  }

  @Test func anAnswerIsLaidOverTheRecordThatItsCallerNames() throws {
    try vault.save(
      token(#"{"user_name":"ann","client_secret":"s","access_token":"1","expires_at":"x"}"#))
    let words =
      #""id":"2","user_name":"eve","api_domain":"https://www.zohoapis.eu","token_endpoint":"https://e""#
    let outcome = try vault.save(
      answer: answer(#"{"access_token":"2","refresh_token":"r","scope":"y",\#(words)}"#), for: ann()
    )
    #expect(outcome.change == .updated && outcome.token.id == "1")
    var expected = try token(
      #"{"id":"1","user_name":"ann","client_secret":"s","access_token":"2","refresh_token":"r","scope":"y"}"#
    )
    expected.revision = 2
    #expect(try vault.allTokens() == [expected], "the end of another token is gone too")
    #expect(try Vault(directory.configuration()).allTokens() == [expected])
  }

  @Test func theDestinationIsTheCallersWordAndMovesOnlyIfHeSaysSo() throws {
    var record = ann("c")
    record.tokenEndpoint = "https://bank/t"
    try vault.save(answer: answer(#"{"access_token":"1","refresh_token":"r"}"#), for: record)
    record.tokenEndpoint = "https://other/t"
    #expect(throws: TokenVaultError.self) {
      try vault.save(answer: answer(#"{"access_token":"2"}"#), for: record)
    }
    #expect(try vault.findToken(id: "1")?.tokenEndpoint == "https://bank/t")
    try vault.save(answer: answer(#"{"access_token":"2"}"#), for: record, movingEndpoint: true)
    #expect(try vault.findToken(id: "1")?.tokenEndpoint == "https://other/t")
    // Who has the refresh token has all secrets that there are.
    record.tokenEndpoint = "https://third/t"
    try vault.save(answer: answer(#"{"access_token":"3","refresh_token":"r"}"#), for: record)
    #expect(try vault.findToken(id: "1")?.tokenEndpoint == "https://third/t")
  }

  @Test func anAnswerForNoRecordIsRefused() throws {
    try vault.save(token(#"{"user_name":"ann","client_id":"c","access_token":"1"}"#))
    let before = try directory.bytes("tokens.vault")
    var byID = OAuthToken()
    byID.id = "9"
    var byToken = OAuthToken()
    byToken.refreshToken = "none"
    var taken = ann("d")
    taken.id = "1"
    let good = try answer(#"{"access_token":"2"}"#)
    #expect(throws: TokenVaultError.unknownID("9")) { try vault.save(answer: good, for: byID) }
    #expect(throws: TokenVaultError.noMatch) { try vault.save(answer: good, for: byToken) }
    #expect(throws: TokenVaultError.clientConflict(id: "1")) {
      try vault.save(answer: good, for: taken)
    }
    #expect(throws: TokenVaultError.self) { try vault.save(answer: good, for: OAuthToken()) }
    #expect(throws: TokenVaultError.self) { try vault.save(answer: answer("{}"), for: ann()) }
    #expect(throws: TokenVaultError.revisionConflict(id: "1", expected: 0, actual: 1)) {
      try vault.save(answer: good, for: ann(), ifRevision: 0)
    }
    #expect(try directory.bytes("tokens.vault") == before)
  }

  @Test func theRefreshTokenOfABadAnswerIsKept() throws {
    let bad = try answer(#"{"access_token":"2\u0007","refresh_token":"r2"}"#)
    let problem = TokenVaultError.unusableAnswer(
      reason:
        "the answer's access_token has characters that no token may have: only its refresh token is saved"
    )
    #expect(throws: problem) { try vault.save(answer: bad, for: ann()) }
    let stored = try #require(try vault.findToken(id: "1"))
    #expect(stored.refreshToken == "r2" && stored.accessToken == nil)
    #expect(throws: problem) { try InMemoryTokenStore().save(answer: bad, for: ann()) }
  }

  @Test func anAnswerMayBeMadeByTheProgram() throws {
    let made = RefreshAnswer(
      accessToken: "1", refreshToken: "r", expiresIn: .seconds(60), now: moment(0))
    for store in [vault] {
      let outcome = try store.save(answer: made, for: ann("c"))
      #expect(outcome.change == .inserted && outcome.token.expiresAt?.moment != nil)
    }
    #expect(try InMemoryTokenStore().save(answer: made, for: ann("c")).token.clientID == "c")
  }
}
