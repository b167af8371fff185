import Foundation
import Testing

@testable import TokenVault

/// Marks in the vault, and what a failed call leaves.
@Suite(.timeLimit(.minutes(60))) struct RefreshFailureTests: RefreshingSuite {
  let served: ServedVault

  init() throws { served = try ServedVault() }

  @Test func aCallIsMarkedInTheVaultBeforeItStartsAndKeepsNobodyFromWriting() async throws {
    let configuration = configuration
    _ = try await vault.freshToken(for: ann) { record in
      let store = try await Vault(configuration)
      let marked = try await store.findToken(id: "1")
      guard case .begun(_, getpid()) = marked?.history.refresh else {
        throw RefreshFailure("not marked")
      }
      try await store.save(token(#"{"user_name":"bob","access_token":"b"}"#), ifRevision: nil)
      try await Vault.rotate(configuration)
      return try server.refresh(record)
    }
    #expect(try await vault.allTokens().map(\.userName) == ["ann", "bob"])
    #expect(try stored().accessToken == "a1" && stored().history.refresh == nil)
  }

  @Test func aFailureGivesTheTokenThatIsStillValidWithAWarningAndElseTheError() async throws {
    let failing: @Sendable (OAuthToken) throws -> RefreshAnswer = { _ in
      throw RefreshFailure("the server answered with status 500")
    }
    let failure = TokenVaultError.refreshFailed(
      id: "1", reason: "the server answered with status 500")
    await #expect(throws: failure) { try await vault.freshToken(for: ann, refreshing: failing) }
    guard case .unanswered = try stored().history.refresh else {
      Issue.record("it should say that the call had no good answer")
      return
    }
    try live(3600)
    let hours = Duration.seconds(7200)
    let fresh = try await vault.freshToken(
      for: ann, minimumLifetime: hours, refreshing: failing)
    #expect(fresh.token.accessToken == "a0" && fresh.failure as? TokenVaultError == failure)
    await #expect(throws: failure) {
      try await vault.freshToken(for: ann, force: true, refreshing: failing)
    }
    #expect(try stored().refreshToken == "r0")
    let next = try await vault.freshToken(for: ann, minimumLifetime: hours) {
      try server.refresh($0)
    }
    #expect(try next.token.accessToken == "a1" && stored().history.refresh == nil)
  }

  @Test func aFailureBeforeTheServerWasReachedLeavesNoMark() async throws {
    let failure = RefreshFailure("could not connect", mayHaveUsedToken: false)
    await #expect(throws: TokenVaultError.self) {
      try await vault.freshToken(for: ann) { _ in throw failure }
    }
    #expect(try stored().history.refresh == nil)
  }

  @Test func anErrorOfTheProgramComesOutAsItIs() async throws {
    struct Mine: Error {}
    await #expect(throws: Mine.self) { try await vault.freshToken(for: ann) { _ in throw Mine() } }
  }

  @Test func aRejectedRefreshTokenFailsAtOnceUntilANewOneIsSaved() async throws {
    let refusing: @Sendable (OAuthToken) throws -> RefreshAnswer = { _ in
      throw TokenEndpointError(code: "invalid_grant", explanation: "expired")
    }
    let error = TokenVaultError.refreshRefused(
      id: "1", code: "invalid_grant", explanation: "expired", rejectsToken: true, unanswered: nil)
    await #expect(throws: error) { try await vault.freshToken(for: ann, refreshing: refusing) }
    let record = try stored()
    #expect(record.history.refresh?.isRejected == true && record.refreshToken == "r0")
    let later = try await Vault(configuration)
    for force in [false, true] {
      let known = TokenVaultError.refreshRefused(
        id: "1", code: "invalid_grant", explanation: nil, rejectsToken: true, unanswered: nil)
      await #expect(throws: known) {
        try await later.freshToken(for: ann, force: force) { try server.refresh($0) }
      }
    }
    #expect(server.calls == 0)
    try live(3600)
    let fresh = try await vault.freshToken(for: ann, minimumLifetime: .seconds(7200)) {
      try server.refresh($0)
    }
    #expect(fresh.token.accessToken == "a0" && fresh.failure != nil && server.calls == 0)
    try await vault.save(token(#"{"user_name":"ann","scope":"more"}"#), ifRevision: nil)
    #expect(try stored().history.refresh?.isRejected == true)
    // The same server would take another token.
    try await vault.save(token(#"{"user_name":"ann","refresh_token":"r9"}"#), ifRevision: nil)
    #expect(try stored().history.refresh == nil)
  }

  @Test func aRefusalOfTheClientRejectsNoToken() async throws {
    await #expect(throws: TokenVaultError.self) {
      try await vault.freshToken(for: ann) { _ in throw TokenEndpointError(code: "invalid_client") }
    }
    #expect(try stored().history.refresh == nil)
    #expect(try await vault.freshToken(for: ann) { try server.refresh($0) }.wasRefreshed)
  }

  @Test func aProcessThatDiedInTheMiddleIsToldOf() async throws {
    let path = directory.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let vault = try await Vault(VaultConfiguration(in: path))
      _ = try await vault.freshToken(for: TokenQuery(userName: "ann")) { _ in
        kill(getpid(), SIGKILL)
        throw CancellationError()
      }
    }
    guard case .begun(let moment, let process) = try stored().history.refresh else {
      Issue.record("the vault should say that a call was begun")
      return
    }
    #expect(process != getpid())
    // The server has rotated, and nobody has the answer.
    let error = TokenVaultError.refreshRefused(
      id: "1", code: "invalid_grant", explanation: nil, rejectsToken: true, unanswered: moment)
    for _ in 1...2 {
      await #expect(throws: error) {
        try await vault.freshToken(for: ann) { _ in
          throw TokenEndpointError(code: "invalid_grant")
        }
      }
    }
    #expect("\(error)".contains("a call at \(moment) was never answered, or its process ended"))
  }
}
