import Foundation
import Synchronization
import Testing

@testable import TokenVault

// What bounds the wait of a task.
extension AsyncCallsTests {
  @Test func aTaskStopsWaitingInTheQueueAlsoWhileAThreadHasTheSession() async throws {
    var configuration = configuration
    configuration.lockTimeout = .milliseconds(20)
    let vault = try await Vault(configuration)
    let (hasSession, mayGoOn) = (Gate(), Gate())
    Thread.detachNewThread {
      vault.session.mutex.withLock { _ in
        hasSession.open()
        mayGoOn.wait()
      }
    }
    await hasSession.waitInTask()
    #expect(vault.queue.join(QueuedWrite()))
    await #expect(throws: TokenVaultError.self) { try await vault.save(smallToken("late")) }
    mayGoOn.open()
    vault.queue.leave()
    try await vault.save(smallToken("in time"))
  }

  @Test func aCallThatHasWaitedTooLongForAThreadIsNotMade() async throws {
    let error = TokenVaultError.noMatch
    let lane = CallLane(limit: 1, CallLane.Patience(time: .zero) { error })
    let (hasBegun, mayEnd) = (Gate(), Gate())
    let first = Task {
      try await lane.run {
        hasBegun.open()
        mayEnd.wait()
      }
    }
    await hasBegun.waitInTask()
    let second = Task { try await lane.run { Issue.record("it should not be called") } }
    try await waitUntil { lane.owned.withLock { $0.value.jobs.count } == 1 }
    mayEnd.open()
    try await first.value
    await #expect(throws: error) { try await second.value }
  }

  /// The lock that opening takes for a moment, to remember the slots, is not the one that the task waits for.
  @Test func aCallThatOpensAVaultForTheFirstTimeCanBeCancelledAfterwards() throws {
    var configuration = configuration
    configuration.locations = directory.locations([
      "TOKENVAULT_STATE_DIR": directory.file("another-state")
    ])
    let wait = LockWait()
    let result = wait.run {
      _ = try VaultSession.load(VaultAccess(configuration.file(), configuration))
      wait.cancel()
      #expect(wait.isCancelled)
    }
    #expect(throws: Never.self) { try result.get() }
  }
}
