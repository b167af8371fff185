import Testing
import TokenServerFixture

@testable import TokenVault
@testable import TokenVaultHTTP

/// The answers of servers that many programs refresh at, as they document them.
@Suite(.timeLimit(.minutes(60))) struct DialectTests {
  /// A server by its path, what an answer of it means, and how it refuses a token.
  struct Dialect: Sendable, CustomTestStringConvertible {
    let path: String
    let seconds: Int64
    let scope: String?
    let keepsRefreshToken: Bool
    let refusal: String

    var testDescription: String { path }
  }

  static let dialects: [Dialect] = [
    Dialect(
      path: "/google", seconds: 3599, scope: "openid https://www.googleapis.com/auth/drive",
      keepsRefreshToken: true,
      refusal: "invalid_grant: Token has been expired or revoked."),
    Dialect(
      path: "/microsoft", seconds: 4871, scope: "User.Read profile openid email",
      keepsRefreshToken: false, refusal: "invalid_grant"),
    Dialect(
      path: "/github", seconds: 28_800, scope: nil, keepsRefreshToken: false,
      refusal: "bad_refresh_token: The refresh token passed is incorrect or expired."),
    Dialect(
      path: "/gitlab", seconds: 7200, scope: "api", keepsRefreshToken: false,
      refusal: "invalid_grant"),
    Dialect(
      path: "/slack", seconds: 43_200, scope: nil, keepsRefreshToken: false,
      refusal: "invalid_refresh_token"),
    Dialect(
      path: "/zoho-accounts", seconds: 3600, scope: "ZohoCRM.modules.ALL",
      keepsRefreshToken: true, refusal: "invalid_code"),
  ]

  private let server: TokenServer

  init() throws { server = try TokenServer() }

  @Test(arguments: dialects)
  func anAnswerHasTheTokensAndTheEndThatTheServerMeans(_ dialect: Dialect) throws {
    let before = Timestamp.now
    let answer = try RefreshTokenGrant.patient.refreshAndWait(record(at: server.url + dialect.path))
    let after = Timestamp.now
    #expect(answer.problem == nil)
    #expect(answer.record.accessToken == "ann-access-1")
    #expect(answer.record.refreshToken == (dialect.keepsRefreshToken ? nil : "ann.1"))
    #expect(answer.record.scope == dialect.scope)
    let end = try #require(answer.record.expiresAt?.moment)
    // GitLab says when it has issued the token, in whole seconds.
    let earliest = try #require(before.adding(seconds: dialect.seconds - 1))
    let latest = try #require(after.adding(seconds: dialect.seconds))
    #expect((earliest...latest).contains(end))
  }

  @Test(arguments: dialects)
  func aRefusalRejectsTheRefreshTokenWhateverItsStatus(_ dialect: Dialect) throws {
    let outcome = Outcome {
      var token = record(at: server.url + dialect.path)
      token.refreshToken = "ann.9"
      _ = try RefreshTokenGrant.patient.refreshAndWait(token)
    }
    #expect(outcome == .refused(dialect.refusal, rejectsRefreshToken: true))
  }
}
