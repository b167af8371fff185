import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// A fresh token, with the server in this process.
@Suite(.timeLimit(.minutes(60))) struct RefreshingTests {
  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }
  let vault: Vault
  let server = RotatingServer()
  let ann = TokenQuery(userName: "ann")

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    try vault.save(
      token(
        """
        {"user_name":"ann","access_token":"a0","refresh_token":"r0","scope":"read",
        "expires_at":"2020-01-01T00:00:00Z"}
        """))
  }

  /// Gives the record this many seconds to live.
  func live(_ seconds: Int64) throws {
    var change = OAuthToken()
    change.userName = "ann"
    change.expiresAt = Timestamp.now.adding(seconds: seconds).map(Expiry.at)
    try vault.save(change, ifRevision: nil)
  }

  func stored() throws -> OAuthToken {
    try #require(try Vault(configuration).findToken(matching: ann))
  }

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
      try RefreshAnswer(json: Array(answer.utf8).span)
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
    let other = try Vault(configuration)
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
      #"{"access_token":"a","refresh_token":"r2","expires_in":-1}"#,
      #"{"access_token":"a","refresh_token":"r3","expires_in":"soon"}"#,
      #"{"access_token":["a"],"refresh_token":"r4"}"#,
    ] {
      let revision = try stored().revision
      await #expect(throws: TokenVaultError.self, "\(answer)") {
        try await vault.freshToken(for: ann) { _ in try RefreshAnswer(json: Array(answer.utf8).span)
        }
      }
      let record = try stored()
      #expect(record.revision == revision + 1 && record.accessToken == "a0")
      #expect(answer.contains(record.refreshToken?.revealed ?? "?"))
      #expect(record.history.refresh == nil, "the new one was never sent")
    }
  }

  @Test func aLoginMeanwhileIsNotOverwrittenByTheAnswer() async throws {
    let fresh = try await vault.freshToken(for: ann) { record in
      try vault.save(
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
        try vault.deleteToken(id: "1", ifRevision: nil)
        return try server.refresh(record)
      }
    }
    #expect(try vault.allTokens().isEmpty)
    await #expect(throws: TokenVaultError.noMatch) {
      try await vault.freshToken(for: ann) { try server.refresh($0) }
    }
  }

  // MARK: Time and cancellation

  @Test func aCallThatHangsIsGivenUpAndItsLateAnswerIsSaved() async throws {
    var configuration = configuration
    configuration.refreshTimeout = .milliseconds(50)
    let impatient = try Vault(configuration)
    let (gate, begun) = (Gate(), Collected<Void>())
    var error: (any Error)?
    // On a busy machine, a call may be given up before it is begun.
    while begun.all.isEmpty {
      do {
        _ = try await impatient.freshToken(for: ann) { record in
          begun.add(())
          await gate.waitInTask()
          return try server.refresh(record)
        }
      } catch let failure { error = failure }
    }
    #expect(error as? TokenVaultError == .refreshTimeout(id: "1", seconds: 0.05))
    guard case .unanswered = try stored().history.refresh else {
      Issue.record("it should say that there was no answer")
      return
    }
    gate.open()
    while try stored().accessToken != "a1" { try await Task.sleep(for: .milliseconds(1)) }
    #expect(try stored().refreshToken == "r1" && stored().history.refresh == nil)
  }

  @Test func aThreadIsNotHeldByACallThatHangs() async throws {
    var configuration = configuration
    configuration.refreshTimeout = .milliseconds(50)
    let impatient = try Vault(configuration)
    let (gate, begun, server, ann) = (Gate(), Collected<Void>(), server, ann)
    let error: (any Error)? = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var error: (any Error)?
        while begun.all.isEmpty {
          do {
            _ = try impatient.waitForFreshToken(for: ann) { record in
              begun.add(())
              gate.wait()
              return try server.refresh(record)
            }
          } catch let failure { error = failure }
        }
        continuation.resume(returning: error)
      }
    }
    #expect(error as? TokenVaultError == .refreshTimeout(id: "1", seconds: 0.05))
    gate.open()
    while try stored().accessToken != "a1" { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test func aWaiterThatIsCancelledLeavesTheOthersAlone() async throws {
    let (vault, server, ann) = (vault, server, ann)
    let (gate, begun) = (Gate(), Gate())
    let caller = Task {
      try await vault.freshToken(for: ann) { record in
        begun.open()
        await gate.waitInTask()
        return try server.refresh(record)
      }
    }
    await begun.waitInTask()
    let other = try Vault(configuration)
    let waiters = [vault, other].map { store in
      Task { try await store.freshToken(for: ann) { try server.refresh($0) } }
    }
    for waiter in waiters { waiter.cancel() }
    for waiter in waiters {
      await #expect(throws: CancellationError.self) { try await waiter.value }
    }
    // Whoever made the call may go too: its answer is saved nevertheless.
    caller.cancel()
    await #expect(throws: CancellationError.self) { try await caller.value }
    let last = Task { try await other.freshToken(for: ann) { try server.refresh($0) } }
    gate.open()
    #expect(try await last.value.token.accessToken == "a1" && server.calls == 1)
  }

  @Test func whoWaitsForAStuckProcessGivesUpInTheEndAndNamesIt() async throws {
    var configuration = configuration
    (configuration.refreshTimeout, configuration.lockTimeout) = (.zero, .zero)
    configuration.savePatience = .zero
    let impatient = try Vault(configuration)
    let lock = try #require(try vault.attemptLock(ofRecord: "1"))
    defer { withExtendedLifetime(lock) {} }
    await #expect(throws: TokenVaultError.refreshLockTimeout(id: "1", seconds: 0, process: nil)) {
      try await impatient.freshToken(for: ann) { try server.refresh($0) }
    }
    #expect(server.calls == 0)
  }

  @Test func aHundredRecordsAreRefreshedAtOnceByCallsThatRunTogether() async throws {
    try vault.save(
      (1...100).map {
        try token(#"{"user_name":"u\#($0)","access_token":"a","refresh_token":"r","expires_in":0}"#)
      })
    let together = Meeting(of: 100)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...100 {
        group.addTask {
          let fresh = try await vault.freshToken(for: TokenQuery(userName: "u\(number)")) { _ in
            // Comes back when all hundred are here: with one after another, never.
            await together.arrive()
            return RefreshAnswer(accessToken: Secret("new\(number)"), expiresIn: .seconds(60))
          }
          #expect(fresh.token.accessToken?.revealed == "new\(number)")
        }
      }
      try await group.waitForAll()
    }
    #expect(try vault.allTokens().count == 101)
  }
}
