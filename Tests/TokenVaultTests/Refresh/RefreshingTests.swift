import Foundation
import Testing

@testable import TokenVault

/// A fresh token, with the server in this process.
@Suite(.timeLimit(.minutes(60))) struct RefreshingTests: RefreshingSuite {
  let served: ServedVault

  init() throws { served = try ServedVault() }

  @Test func aTokenThatLivesLongEnoughIsGivenWithoutACallOrAWrite() async throws {
    try live(7200)
    let before = try directory.bytes("tokens.vault")
    for lifetime in [Duration.zero, .seconds(60), .seconds(3600)] {
      let fresh = try await vault.freshToken(for: ann, minimumLifetime: lifetime) {
        try server.refresh($0)
      }
      #expect(fresh.token.accessToken == "a0" && !fresh.wasRefreshed && fresh.failure == nil)
    }
    #expect(try server.calls == 0 && directory.bytes("tokens.vault") == before)
    let fresh = try await vault.freshToken(for: ann, minimumLifetime: .seconds(7201)) {
      try server.refresh($0)
    }
    #expect(fresh.token.accessToken == "a1" && fresh.wasRefreshed && server.calls == 1)
  }

  @Test func anAnswerIsDurableAndChangesWhatItSaysAndNoMore() async throws {
    let (before, begin) = (try stored(), Timestamp.now)
    let fresh = try await vault.freshToken(for: ann) { try server.refresh($0) }
    let after = try stored()
    #expect(fresh.token == after && after.revision == before.revision + 1)
    #expect(after.accessToken == "a1" && after.refreshToken == "r1" && after.scope == "read")
    #expect(after.userName == "ann" && after.id == before.id)
    #expect(after.history.refresh == nil)
    #expect(after.history.firstSavedAt == before.history.firstSavedAt)
    let answered = try #require(after.expiresAt?.moment?.adding(seconds: -3600))
    #expect(begin <= answered && answered <= .now)
  }

  @Test func anAnswerCannotMakeARecordAnothersOrSendItsSecretsElsewhere() async throws {
    let answer = """
      {"access_token":"new","id":"9","user_name":"bob","client_id":"c","client_secret":"s","grant_token":"g",
      "token_endpoint":"https://evil.example","redirect_url":"x","revision":77,"token_type":"Bearer"}
      """
    let fresh = try await vault.freshToken(for: ann) { _ in
      try RefreshAnswer(Array(answer.utf8).span)
    }
    #expect(fresh.token.accessToken == "new" && fresh.token.tokenType == "Bearer")
    #expect(fresh.token.id == "1" && fresh.token.userName == "ann" && fresh.token.revision == 2)
    #expect(fresh.token.clientID == nil && fresh.token.clientSecret == nil)
    #expect(fresh.token.redirectURL == nil && fresh.token.attributes.isEmpty)
    #expect(fresh.token.refreshToken == "r0", "a server that does not rotate")
  }

  @Test func aServerThatDoesNotTellTheLifetimeLeavesNoneBehind() async throws {
    let silent = RotatingServer(expiresIn: nil)
    for _ in 1...2 { _ = try await vault.freshToken(for: ann) { try silent.refresh($0) } }
    #expect(try stored().expiresAt == nil && silent.calls == 1)
    _ = try await vault.freshToken(for: ann, force: true) { try silent.refresh($0) }
    #expect(silent.calls == 2)
  }

  @Test func tokensThatLiveShorterThanIsAskedAreRefreshedOnceForAllWhoWait() async throws {
    let brief = RotatingServer(expiresIn: .seconds(3600))
    let tokens = try await withThrowingTaskGroup(of: OAuthToken.self) { group in
      for _ in 1...20 {
        group.addTask {
          try await vault.freshToken(for: ann, minimumLifetime: .seconds(7200)) {
            try brief.refresh($0)
          }.token
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(brief.calls == 1 && tokens.allSatisfy { $0.accessToken == "a1" })
  }

  @Test func sixteenThreadsAndSixteenTasksOfTwoStoresMakeOneCall() async throws {
    let other = try await Vault(configuration)
    let seen = Collected<Secret?>()
    let gate = Gate()
    let (vault, server, ann) = (vault, server, ann)
    for number in 1...16 {
      Thread.detachNewThread {
        let store = number % 2 == 0 ? vault : other
        let fresh = try? store.waitForFreshToken(for: ann) { record in
          gate.wait()
          return try server.refresh(record)
        }
        seen.add(fresh?.token.accessToken)
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for number in 1...16 {
        group.addTask {
          let store = number % 2 == 0 ? vault : other
          let fresh = try? await store.freshToken(for: ann) { try server.refresh($0) }
          seen.add(fresh?.token.accessToken)
        }
      }
      group.addTask { gate.open() }
    }
    while seen.all.count < 32 { try await Task.sleep(for: .milliseconds(1)) }
    #expect(seen.all.allSatisfy { $0 == "a1" } && server.calls == 1)
  }

  // MARK: Answers that come in strange company

  @Test func anAnswerWithoutAccessTokenLosesNoRefreshToken() async throws {
    for answer in [
      #"{"refresh_token":"r1"}"#,
      #"{"access_token":["a"],"refresh_token":"r4"}"#,
    ] {
      let revision = try stored().revision
      await #expect(throws: TokenVaultError.self, "\(answer)") {
        try await vault.freshToken(for: ann) { _ in try RefreshAnswer(Array(answer.utf8).span)
        }
      }
      let record = try stored()
      #expect(record.revision == revision + 1 && record.accessToken == "a0")
      #expect(answer.contains(record.refreshToken?.revealed ?? "?"))
      #expect(record.history.refresh == nil, "the new one was never sent")
    }
  }

  @Test func aTokenThatIsDueAtOnceIsSavedAndReturnedToItsCaller() async throws {
    for (answer, doubt) in [
      (#"{"access_token":"a1","refresh_token":"r1","expires_in":0}"#, nil),
      (#"{"access_token":"a2","refresh_token":"r2","expires_in":-1}"#, nil),
      (
        #"{"access_token":"a3","refresh_token":"r3","expires_in":"soon"}"#,
        "'expires_in' is no time"
      ),
    ] as [(String, String?)] {
      let fresh = try await vault.freshToken(for: ann) { _ in
        try RefreshAnswer(Array(answer.utf8).span)
      }
      #expect(fresh.wasRefreshed && fresh.failure == nil)
      #expect(answer.contains(fresh.token.accessToken?.revealed ?? "?"))
      #expect((fresh.doubt == nil) == (doubt == nil) && fresh.doubt?.hasPrefix(doubt ?? "") ?? true)
      let record = try stored()
      #expect(record.accessToken == fresh.token.accessToken)
      #expect(answer.contains(record.refreshToken?.revealed ?? "?"))
      #expect(!record.isGood(for: 0, at: vault.time()), "the next one calls again")
    }
  }

  @Test func aLoginMeanwhileIsNotOverwrittenByTheAnswer() async throws {
    let fresh = try await vault.freshToken(for: ann) { record in
      try await vault.save(
        token(
          #"{"user_name":"ann","access_token":"login","refresh_token":"L","expires_at":"2999-01-01T00:00:00Z"}"#
        ),
        ifRevision: nil)
      return try server.refresh(record)
    }
    #expect(fresh.token.accessToken == "login")
    #expect(try stored().refreshToken == "L" && stored().accessToken == "login")
  }

  @Test func aRecordThatIsDeletedMeanwhileStaysDeleted() async throws {
    await #expect(throws: TokenVaultError.noMatch) {
      try await vault.freshToken(for: ann) { record in
        try await vault.deleteToken(id: "1", ifRevision: nil)
        return try server.refresh(record)
      }
    }
    #expect(try await vault.allTokens().isEmpty)
    await #expect(throws: TokenVaultError.noMatch) {
      try await vault.freshToken(for: ann) { try server.refresh($0) }
    }
  }
}
