import Foundation
import Testing

@testable import TokenVault

/// Answers that come late, for what is no longer there, or to whom they do not help.
@Suite(.timeLimit(.minutes(60))) struct StrangeOrderTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }
  let vault: Vault
  let ann = TokenQuery(userName: "ann")

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    try save(
      #"{"id":"x","user_name":"ann","access_token":"a0","refresh_token":"r0","expires_in":0}"#)
  }

  private func save(_ json: String) throws {
    var record = try token(json)
    if json.contains("expires_in") { record.expiresAt = Expiry("2020-01-01T00:00:00Z") }
    try vault.save(record, ifRevision: nil)
  }

  private func stored() throws -> OAuthToken {
    try #require(try Vault(configuration).findWithoutUse(TokenQuery(id: "x")))
  }

  private func answer(_ access: Secret, _ refresh: Secret? = nil) -> RefreshAnswer {
    RefreshAnswer(accessToken: access, refreshToken: refresh, expiresIn: .seconds(3600))
  }

  /// Begins a call whose caller is not heard of for a while: it does not hold the lock.
  private func begin(_ refresh: RecordRefresh) throws -> RecordRefresh.Call {
    guard case .begun(let call, _) = try refresh.attempt() else { throw CancellationError() }
    return call
  }

  @Test func aLateAnswerOfAServerThatDoesNotRotateDoesNotUndoANewerOne() async throws {
    let seen = try stored()
    let request = FreshnessRequest(seen, minimumLifetime: .zero, isForced: false)
    let refresh = RecordRefresh(store: vault, request: request)
    let call = try begin(refresh)
    _ = try await vault.freshToken(for: ann) { _ in answer("newer") }
    #expect(try refresh.finish(call, .success(answer("late")))?.token.accessToken == "newer")
    #expect(try stored().accessToken == "newer")
    // But one that has taken the refresh token is the last word of the server.
    #expect(try refresh.finish(call, .success(answer("late", "r1")))?.token.accessToken == "late")
    #expect(try stored().refreshToken == "r1")
  }

  @Test func anAnswerIsNotSavedToAnotherUsersRecord() async throws {
    _ = try? await vault.freshToken(for: ann) { _ in
      try await vault.deleteToken(id: "x", ifRevision: nil)
      try await vault.save(
        token(#"{"id":"x","user_name":"carol","refresh_token":"r0"}"#), ifRevision: nil)
      return answer("ann's", "r1")
    }
    let carol = try stored()
    #expect(carol.userName == "carol" && carol.accessToken == nil && carol.refreshToken == "r0")
  }

  @Test func aNewLoginWithoutAnAccessTokenIsRefreshedInItsTurn() async throws {
    let calls = Collected<Secret?>()
    let fresh = try await vault.freshToken(for: ann) { record in
      calls.add(record.refreshToken)
      if record.refreshToken == "r0" {
        try await vault.save(
          token(#"{"id":"x","refresh_token":"L","access_token":""}"#), ifRevision: nil)
        return answer("of the old login", "r1")
      }
      return answer("of the new login", "L1")
    }
    #expect(calls.all == ["r0", "L"] && fresh.token.accessToken == "of the new login")
    #expect(try stored().refreshToken == "L1")
  }

  @Test func whoWantsAnotherTokenThanOthersHaveSeenDoesNotGetThatOne() async throws {
    let other = try await Vault(configuration)
    let forced = try await holdingLock {
      // Waits for the lock, having seen a0 or a1.
      let first = Task { try await vault.freshToken(for: ann) { _ in answer("by the first") } }
      try await other.save(
        token(#"{"id":"x","access_token":"a1","expires_at":"2999-01-01T00:00:00Z"}"#),
        ifRevision: nil)
      // Has seen a1, and perhaps joins the first, whom a1 is good enough for.
      let forced = Task {
        try await vault.freshToken(for: ann, force: true) { _ in answer("by force") }
      }
      #expect(try await first.value.token.accessToken == "a1")
      return forced
    }
    #expect(try await forced.value.token.accessToken == "by force")
  }

  private func holdingLock<Value: Sendable>(
    _ body: () async throws -> Value
  ) async throws -> Value {
    let lock = try vault.attemptLock(ofRecord: "x")
    defer { withExtendedLifetime(lock) {} }
    return try await body()
  }

  @Test func ofAnAnswerThatIsTooLongTheRefreshTokenIsSaved() async throws {
    let filler = String(repeating: "x", count: 400_000)
    try save(#"{"id":"x","mine":"\#(filler)"}"#)
    let scope = String(repeating: "s", count: 800_000)
    let fresh = try await vault.freshToken(for: ann) { _ in
      RefreshAnswer(
        accessToken: "a1", refreshToken: "r1", expiresIn: .seconds(60), scope: scope)
    }
    #expect(
      fresh.token.accessToken == "a1" && fresh.failure as? TokenVaultError == .unstorable(record: 1)
    )
    #expect(try stored().refreshToken == "r1" && stored().scope == nil)
  }

  @Test func anAnswerThatCannotBeSavedIsGivenToTheCaller() async throws {
    var configuration = configuration
    configuration.savePatience = .zero
    let hasty = try await Vault(configuration)
    let path = configuration.path
    let held = Collected<WriterLock>()
    let fresh = try await hasty.freshToken(for: ann) { _ in
      held.add(try VaultFile(path: path, disk: LinuxDisk()).lock(timeout: .seconds(60)))
      return answer("a1", "r1")
    }
    #expect(fresh.token.accessToken == "a1" && fresh.token.refreshToken == "r1")
    guard case .lockTimeout = fresh.failure as? TokenVaultError else {
      Issue.record("\(String(describing: fresh.failure))")
      return
    }
    #expect(held.all.count == 1 && fresh.wasRefreshed)
  }

  @Test func aRejectedTokenIsTriedAgainIfAPersonSaysSo() throws {
    #expect(throws: TokenVaultError.self) {
      try vault.keepFresh(ann, minimumLifetime: .zero) { _ in
        throw TokenEndpointError(code: "invalid_grant")
      }
    }
    #expect(throws: TokenVaultError.self) {
      try vault.keepFresh(ann, minimumLifetime: .zero, force: true) { _ in answer("a1") }
    }
    let fresh = try vault.keepFresh(ann, minimumLifetime: .zero, triesRejected: true) { _ in
      answer("a1")
    }
    #expect(fresh.wasRefreshed)
    #expect(try stored().history.refresh == nil)
  }

  @Test func aRefusalThatPassesRejectsNothing() async throws {
    for code in ["temporarily_unavailable", "slow_down", "Access Denied"] {
      let error = await #expect(throws: TokenVaultError.self) {
        try await vault.freshToken(for: ann) { _ in throw TokenEndpointError(code: code) }
      }
      guard case .refreshFailed = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(try stored().history.refresh == nil)
  }

  @Test func noErrorRepeatsASecretThatWasSent() async throws {
    try save(#"{"id":"x","client_secret":"s3cret+of the client","refresh_token":"s3cret-of-ann"}"#)
    for error in [
      TokenEndpointError(code: "bad:s3cret-of-ann"),
      TokenEndpointError(code: "invalid_grant", explanation: "token s3cret-of-ann is bad"),
      TokenEndpointError(code: "x", explanation: "s3cret%2Bof%20the%20cli is no client"),
    ] {
      let told = await #expect(throws: TokenVaultError.self) {
        try await vault.freshToken(for: ann) { _ in throw error }
      }
      #expect(!"\(String(describing: told))".contains("s3cret"), "\(error.code)")
    }
    #expect(try !"\(stored().history)".contains("s3cret"))
  }

  @Test func aCallThatWasAbandonedBeforeItBeganDoesNotBegin() throws {
    struct Timeout: Error { let isBegun: Bool }
    func isBegunAtTimeout(of call: EndpointCall) throws -> Bool? {
      let result = call.result(within: .zero) { Timeout(isBegun: $0) }
      return #expect(throws: Timeout.self) { try result.get() }?.isBegun
    }
    let late = Collected<RefreshAnswer>()
    let waiting = EndpointCall(OAuthToken()) { late.add($0) }
    #expect(try isBegunAtTimeout(of: waiting) == false && !waiting.begin())
    let begun = EndpointCall(OAuthToken()) { late.add($0) }
    #expect(try begun.begin() && isBegunAtTimeout(of: begun) == true)
    begun.end(.success(answer("a1")))
    #expect(late.all.map(\.record.accessToken) == ["a1"])
  }

  @Test func aCallInATaskHasTheTaskLocalValuesAndIsCancelledWhenItsTimeIsOver() async throws {
    enum Local { @TaskLocal static var value = 0 }
    var configuration = configuration
    configuration.refreshTimeout = .milliseconds(50)
    let impatient = try await Vault(configuration)
    let (seen, cancelled) = (Collected<Int>(), Gate())
    while seen.all.isEmpty {
      await #expect(throws: TokenVaultError.self) {
        try await Local.$value.withValue(7) {
          try await impatient.freshToken(for: ann) { _ in
            seen.add(Local.value)
            defer { cancelled.open() }
            try await Task.sleep(for: .seconds(3600))
            return answer("never")
          }
        }
      }
    }
    await cancelled.waitInTask()
    #expect(seen.all == [7])
  }

  @Test func aTaskThatWasCancelledBeforeItAsksMakesNoCall() async throws {
    let calls = Collected<Int>()
    let gate = Gate()
    let task = Task {
      await gate.waitInTask()
      _ = try await vault.freshToken(for: ann) { _ in
        calls.add(1)
        return answer("a1")
      }
    }
    task.cancel()
    gate.open()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(calls.all.isEmpty)
  }
}
