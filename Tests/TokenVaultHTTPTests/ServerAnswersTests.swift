import Glibc
import Testing
import TokenServerFixture

@testable import TokenVault
@testable import TokenVaultHTTP

/// What each kind of answer comes to.
@Suite(.timeLimit(.minutes(60))) struct ServerAnswersTests {
  private let server: TokenServer

  init() throws { server = try TokenServer() }

  private func outcome(_ path: String, within timeout: Duration = .seconds(600)) -> Outcome {
    Outcome {
      _ = try RefreshTokenGrant(timeout: timeout).refreshAndWait(record(at: server.url + path))
    }
  }

  @Test func aGoodAnswerHasTheNewTokens() throws {
    let answer = try RefreshTokenGrant.patient.refreshAndWait(record(at: "\(server.url)/token?a=b"))
    #expect(answer.problem == nil)
    #expect(answer.record.accessToken == "ann-access-1")
    #expect(answer.record.refreshToken == "ann.1")
    #expect(answer.record.tokenType == "Bearer")
    let log = try server.log()
    #expect(log.total == 1)
    #expect(log.families["ann"]?.refreshToken == "ann.1")
    #expect(log.calls.allSatisfy { $0.answered })
  }

  @Test func theTaskVersionDoesTheSame() async throws {
    let grant = RefreshTokenGrant.patient
    let url = "\(server.url)/token"
    try await withThrowingTaskGroup(of: RefreshAnswer.self) { group in
      for index in 0..<8 {
        group.addTask { try await grant.refresh(record(at: url, family: "user\(index)")) }
      }
      for try await answer in group { #expect(answer.problem == nil) }
    }
    #expect(try server.log().total == 8)
  }

  @Test func theRequestIsWhatTheStandardSaysAndNoMore() throws {
    _ = try RefreshTokenGrant.patient.refreshAndWait(record(at: "\(server.url)/token", secret: nil))
    let call = try #require(try server.log().calls.first)
    #expect(call.body == "grant_type=refresh_token&refresh_token=ann.0&client_id=app")
    #expect(call.headers["content-type"] == "application/x-www-form-urlencoded")
    #expect(call.headers["accept"] == "application/json")
    #expect(call.headers["user-agent"] == "TokenVault")
    #expect(
      Set(call.headers.keys) == [
        "accept", "content-length", "content-type", "host", "user-agent",
      ])
  }

  @Test func theAnswerOfZohoIsInSeconds() throws {
    let answer = try RefreshTokenGrant.patient.refreshAndWait(record(at: "\(server.url)/zoho"))
    #expect(answer.problem == nil)
    #expect(answer.record.apiDomain == "https://www.zohoapis.eu")
    guard case .at(let end) = answer.record.expiresAt else {
      Issue.record("no end")
      return
    }
    #expect(end < (try #require(Timestamp.now.adding(seconds: 3601))))
  }

  @Test func aNewRefreshTokenIsKeptFromAnAnswerOfNoUse() throws {
    let answer = try RefreshTokenGrant.patient.refreshAndWait(
      record(at: "\(server.url)/noaccess"))
    #expect(answer.problem == "the answer has no access_token")
    #expect(answer.record.refreshToken == "ann.1")
    #expect(answer.record.accessToken == nil)
  }

  @Test func aTokenThatHasEndedIsTaken() throws {
    let answer = try RefreshTokenGrant.patient.refreshAndWait(
      record(at: "\(server.url)/negative"))
    #expect(answer.problem == nil && answer.record.accessToken == "ann-access-1")
    #expect(answer.record.refreshToken == "ann.1")
  }

  @Test func aServerMayKeepTheRefreshToken() throws {
    let answer = try RefreshTokenGrant.patient.refreshAndWait(
      record(at: "\(server.url)/nonrotating"))
    #expect(answer.record.refreshToken == nil)
    #expect(answer.record.accessToken == "ann-access-1")
  }

  @Test(arguments: [
    (
      "/refuse",
      Outcome.refused("invalid_grant: The token has been revoked.", rejectsRefreshToken: true)
    ),
    // Its explanation says the refresh token.
    ("/echo", .refused("invalid_grant", rejectsRefreshToken: true)),
    ("/client", .refused("invalid_client", rejectsRefreshToken: false)),
    ("/ok200error", .refused("invalid_code", rejectsRefreshToken: true)),
    (
      "/redirect",
      .failed(
        "the server answered with a redirect (302), which is not followed", mayHaveUsedToken: false)
    ),
    (
      "/500",
      .failed("the server answered with status 500 (InternalServerError)", mayHaveUsedToken: true)
    ),
    (
      "/busy",
      .failed(
        "the server answered with status 429; it wants to be asked again in 120 s",
        mayHaveUsedToken: false)
    ),
    ("/nowhere", .failed("the server answered with status 404", mayHaveUsedToken: false)),
    ("/html", .failed("the server answered with text/html and not JSON", mayHaveUsedToken: true)),
    ("/big", .failed("the answer is longer than 1000000 bytes", mayHaveUsedToken: true)),
    (
      "/nonsense",
      .failed(
        "the answer is not that of a token endpoint: "
          + "line 1, column 22: the text ends inside a record", mayHaveUsedToken: true)
    ),
  ])
  func aBadAnswerHasItsError(_ path: String, _ expected: Outcome) throws {
    #expect(outcome(path) == expected)
    // Nothing is sent twice, and nothing sent on.
    #expect(try server.log().total == 1)
  }

  @Test func anAnswerThatBreaksOffIsAFailure() throws {
    guard case .failed(let sentence, mayHaveUsedToken: true) = outcome("/half") else {
      Issue.record("no failure")
      return
    }
    #expect(sentence.hasPrefix("the answer ended too early: "))
    #expect(try server.log().total == 1)
  }

  @Test func aWholeAnswerCountsAlsoIfItsEndDoesNotCome() throws {
    // As long as this takes; a server on a busy machine answers sooner.
    let grant = RefreshTokenGrant(timeout: .seconds(10))
    let answer = try grant.refreshAndWait(record(at: "\(server.url)/unended"))
    #expect(answer.problem == nil && answer.record.refreshToken == "ann.1")
  }

  @Test func aServerThatNeverAnswersIsLeft() throws {
    #expect(
      outcome("/hang", within: .seconds(2))
        == .failed("there was no answer within 2 s", mayHaveUsedToken: true))
    // The server may hear of it only now.
    while try server.log().total == 0 { usleep(1000) }
    #expect(try server.log().total == 1)
  }

  @Test func aServerThatIsNotThereWasNotAsked() throws {
    let url = try TokenServer().url
    let outcome = Outcome { _ = try RefreshTokenGrant.patient.refreshAndWait(record(at: url)) }
    guard case .failed(let sentence, mayHaveUsedToken: false) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(sentence.hasPrefix("could not connect: "))
  }

  @Test func aNameThatDoesNotExistWasNotAsked() throws {
    let url = "https://auth.invalid/token?key=hidden"
    let outcome = Outcome {
      _ = try RefreshTokenGrant(timeout: .seconds(5)).refreshAndWait(record(at: url))
    }
    guard case .failed(let sentence, mayHaveUsedToken: false) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(sentence.hasPrefix("could not connect: "))
    #expect(!sentence.contains("hidden"))
  }

  @Test func cancellingEndsTheCall() async throws {
    let url = "\(server.url)/hang"
    let task = Task { try await RefreshTokenGrant.patient.refresh(record(at: url)) }
    // The server has the call: from here on, the token may have been used.
    while try server.log().total == 0 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: RefreshFailure("it was cancelled", mayHaveUsedToken: true)) {
      _ = try await task.value
    }
  }

  @Test func aCallThatIsCancelledBeforehandIsNotMade() async throws {
    let url = "\(server.url)/token"
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await RefreshTokenGrant.patient.refresh(record(at: url))
    }
    await #expect(throws: RefreshFailure("it was cancelled", mayHaveUsedToken: false)) {
      _ = try await task.value
    }
    #expect(try server.log().total == 0)
  }

  @Test func noErrorHasASecretInIt() throws {
    for path in ["/500", "/redirect", "/html", "/big", "/half", "/refuse", "/client", "/nowhere"] {
      let text = "\(outcome(path + "?key=hidden"))"
      for secret in ["ann.0", "word", "hidden", "app"] {
        #expect(!text.contains(secret), "\(path): \(text)")
      }
    }
  }
}
