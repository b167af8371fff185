import Foundation
import Testing

@testable import TokenVault

/// Calls that hang, waiters that are cancelled, and calls that run together.
@Suite(.timeLimit(.minutes(60))) struct RefreshWaitingTests: RefreshingSuite {
  let served: ServedVault

  init() throws { served = try ServedVault() }

  @Test func aCallThatHangsIsGivenUpAndItsLateAnswerIsSaved() async throws {
    var configuration = configuration
    configuration.refreshTimeout = .milliseconds(50)
    let impatient = try await Vault(configuration)
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
    let impatient = try await Vault(configuration)
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
    let other = try await Vault(configuration)
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
    let impatient = try await Vault(configuration)
    let lock = try #require(try vault.attemptLock(ofRecord: "1"))
    defer { withExtendedLifetime(lock) {} }
    await #expect(throws: TokenVaultError.refreshLockTimeout(id: "1", seconds: 0, process: nil)) {
      try await impatient.freshToken(for: ann) { try server.refresh($0) }
    }
    #expect(server.calls == 0)
  }

  @Test func aHundredRecordsAreRefreshedAtOnceByCallsThatRunTogether() async throws {
    try await vault.save(
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
    #expect(try await vault.allTokens().count == 101)
  }
}
