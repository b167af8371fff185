import Synchronization
import Testing
import TokenVault

@testable import TokenVaultHTTP

/// Refreshes over an HTTP client of the caller.
@Suite struct PostedRefreshTests {
  private static let answer = #"{"access_token":"a1","refresh_token":"r1","expires_in":3600}"#
  private let url = "https://login.example/token?tenant=1"

  private func grant(
    _ reply: @escaping @Sendable (TokenEndpointPost) throws -> TokenEndpointReply
  ) -> RefreshTokenGrant { RefreshTokenGrant(timeout: .seconds(7)) { try reply($0) } }

  private static func reply(_ status: Int = 200, _ body: String = answer) -> TokenEndpointReply {
    TokenEndpointReply(status: status, body: Array(body.utf8))
  }

  /// What a refresh comes to with this client, and how often the client was asked.
  private func outcome(
    of token: OAuthToken? = nil,
    _ reply: @escaping @Sendable (TokenEndpointPost) throws -> TokenEndpointReply
  ) async -> (Outcome, calls: Int) {
    let calls = Atomic(0)
    let grant = grant { post in
      calls.add(1, ordering: .relaxed)
      return try reply(post)
    }
    let result: Result<RefreshAnswer, any Error>
    do { result = .success(try await grant.refresh(token ?? record(at: url))) } catch {
      result = .failure(error)
    }
    return (Outcome { _ = try result.get() }, calls.load(ordering: .relaxed))
  }

  @Test func theClientGetsTheWholeRequestAndItsAnswerIsTheRecords() async throws {
    let sent = Mutex<TokenEndpointPost?>(nil)
    let vault = InMemoryTokenStore()
    var token = record(at: url)
    token.userName = "ann"
    token.accessToken = "a0"
    token.expiresAt = .unknown
    try vault.save(token, ifRevision: nil)
    let grant = grant { post in
      sent.withLock { $0 = post }
      return Self.reply()
    }
    let fresh = try await vault.freshToken(
      for: TokenQuery(userName: "ann"), refreshing: grant.refresh)
    #expect(fresh.token.accessToken == "a1" && fresh.token.refreshToken == "r1")
    let post = try #require(sent.withLock { $0 })
    #expect(post.url == url && post.timeout == .seconds(7))
    #expect(
      String(decoding: post.body, as: UTF8.self)
        == "grant_type=refresh_token&refresh_token=ann.0")
    let headers = Dictionary(uniqueKeysWithValues: post.headers.map { ($0.name, $0.value) })
    // app:word
    #expect(headers["Authorization"] == "Basic YXBwOndvcmQ=")
    #expect(headers["Content-Type"] == "application/x-www-form-urlencoded")
    #expect(headers["Accept"] == "application/json")
    #expect(
      "\(post)" == "POST https://login.example/token" && Mirror(reflecting: post).children.isEmpty)
  }

  @Test func theSynchronousFormIsTheSame() throws {
    let answer = try grant { _ in Self.reply() }.refreshAndWait(record(at: url))
    #expect(answer.record.accessToken == "a1")
  }

  @Test(arguments: [
    "http://login.example/token", "https://ann@login.example/token", "https://a\\@login.example/",
    "https://login.example/#f", "ftp://login.example/", "https:///token", "https://a b/",
    "http://127.0.0.1.example/", "http://2130706433/", "login.example",
  ])
  func aURLThatIsNotSafeOrNotPlainIsNeverHandedOut(_ url: String) async {
    let (outcome, calls) = await outcome(of: record(at: url)) { _ in Self.reply() }
    guard case .notRenewable = outcome else {
      Issue.record("\(url): \(outcome)")
      return
    }
    #expect(calls == 0)
  }

  @Test(arguments: ["http://127.0.0.1:8080/token", "http://[::1]/token", "http://localhost/token"])
  func thisComputerNeedsNoEncryption(_ url: String) async {
    #expect(await outcome(of: record(at: url)) { _ in Self.reply() }.0 == .answered)
  }

  @Test func answersAreJudgedAsThoseOfLibcurl() async {
    let redirect = await outcome { _ in Self.reply(302) }.0
    #expect(
      redirect
        == .failed(
          "the server answered with a redirect (302), which is not followed",
          mayHaveUsedToken: false))
    let refused = await outcome { _ in Self.reply(400, #"{"error":"invalid_grant"}"#) }.0
    #expect(refused == .refused("invalid_grant", rejectsRefreshToken: true))
    let long = await outcome { _ in
      Self.reply(200, String(repeating: " ", count: RefreshAnswer.sizeLimit + 1))
    }.0
    #expect(long == .failed("the answer is longer than 1000000 bytes", mayHaveUsedToken: true))
    let later = await outcome { _ in
      TokenEndpointReply(status: 429, retryAfter: 9, body: [])
    }.0
    #expect(
      later
        == .failed(
          "the server answered with status 429; it wants to be asked again in 9 s",
          mayHaveUsedToken: false))
  }

  @Test func aFailureOfTheClientIsAFailedTransferWithoutSecrets() async {
    enum ClientError: Error { case refused(String) }
    let unsent = RefreshFailure("could not connect", mayHaveUsedToken: false)
    #expect(
      await outcome { _ in throw unsent }.0
        == .failed("could not connect", mayHaveUsedToken: false))
    #expect(
      await outcome { _ in throw ClientError.refused("here") }.0
        == .failed(#"the call failed: refused("here")"#, mayHaveUsedToken: true))
    let leaking = await outcome { post in
      throw ClientError.refused(String(decoding: post.body, as: UTF8.self))
    }.0
    #expect(leaking == .failed("the call failed: ClientError", mayHaveUsedToken: true))
    let repeated = await outcome { post in
      throw ClientError.refused("\(post.headers.map { "\($0.name): \($0.value)" })")
    }.0
    #expect(repeated == .failed("the call failed: ClientError", mayHaveUsedToken: true))
  }

  @Test func aTaskThatIsCancelledBeforeTheCallSendsNothingAndTheTokenIsUnused() async {
    let (outcome, calls) = await Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return await self.outcome { _ in Self.reply() }
    }.value
    #expect(outcome == .failed("it was cancelled", mayHaveUsedToken: false))
    #expect(calls == 0)
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func base64IsThatOfTheStandard(_ text: String, _ encoded: String) {
    // The vectors of RFC 4648, section 10.
    #expect(Base64.encode(Array(text.utf8)) == encoded)
  }
}
