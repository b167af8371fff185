import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// What tasks can count on that call a vault: their threads, their cancellation, and the order of their writes.
@Suite(.timeLimit(.minutes(60))) struct AsyncCallsTests {
  /// The calls of a lane that run.
  private final class Running: Sendable {
    private let state = Mutex((now: 0, most: 0, order: [Int]()))

    var most: Int { state.withLock { $0.most } }
    var order: [Int] { state.withLock { $0.order } }

    func begin(_ number: Int) {
      state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.order + [number]) }
    }

    func end() { state.withLock { $0.now -= 1 } }
  }

  let directory: TemporaryDirectory
  let vault: Vault

  var configuration: VaultConfiguration { Self.configuration(directory) }

  /// With time for many calls, one after the other, on a machine that is busy.
  private static func configuration(_ directory: TemporaryDirectory) -> VaultConfiguration {
    var configuration = directory.configuration()
    configuration.lockTimeout = .seconds(3600)
    return configuration
  }

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(Self.configuration(directory))
    try vault.save((1...4).map { try smallToken("ann \($0)") })
    // So that there is a previous snapshot.
    try vault.save(smallToken("ann 1", "again"))
  }

  // MARK: Threads

  /// If a call kept its thread, four would keep all of the pool's, and nothing would let the lock go.
  @Test(arguments: AsyncCall.allCases)
  func callsThatWaitForTheLockOfAnotherProcessStopNoOtherTask(_ call: AsyncCall) async throws {
    let holder = try LockHolder(configuration.path)
    let (vault, configuration) = (vault, configuration)
    let ticker = Task {
      for _ in 1...50 { try await Task.sleep(for: .milliseconds(1)) }
      holder.release()
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...4 {
        group.addTask { try await call.make(vault, configuration, number) }
      }
      try await group.waitForAll()
    }
    try await ticker.value
    #expect(try await vault.check().path == configuration.path)
  }

  @Test func readsGoOnWhileMoreWritesThanThreadsWaitForTheLock() async throws {
    let holder = try LockHolder(configuration.path)
    let vault = vault
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...50 { group.addTask { try await vault.setPolicy(RetentionPolicy()) } }
      for _ in 1...20 { _ = try await vault.findToken(id: "1") }
      #expect(try await vault.allTokens().count == 4)
      #expect(try await vault.status().tokens == 4)
      holder.release()
      try await group.waitForAll()
    }
  }

  @Test func aLaneMakesItsCallsOnAsManyThreadsAsItHasAndInTheirOrder() async throws {
    let lane = CallLane(limit: 2)
    let running = Running()
    let gate = Gate()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...20 {
        let hasBegun = Gate()
        group.addTask {
          try await lane.run {
            running.begin(number)
            hasBegun.open()
            gate.wait()
            running.end()
          }
        }
        if number <= 2 { await hasBegun.waitInTask() }
      }
      gate.open()
      try await group.waitForAll()
    }
    #expect(running.most == 2 && running.order.prefix(2) == [1, 2] && running.order.count == 20)
  }

  // MARK: Group commit

  @Test func tasksThatSaveAtOnceShareOneWrite() async throws {
    let vault = vault
    let generation = try await vault.status().generation
    // This thread's turn, until all tasks wait.
    #expect(vault.queue.join(QueuedWrite()))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...16 { group.addTask { try await vault.save(smallToken("task \(number)")) } }
      try await waitUntil { vault.queue.withState { $0.waiting.count == 16 } }
      vault.queue.leave()
      try await group.waitForAll()
    }
    let status = try await vault.status()
    #expect(status.tokens == 20 && status.generation == generation + 1)
  }

  @Test func aTaskWaitsForAThreadOfItsProcessNoLongerThanTheLockTimeout() async throws {
    var configuration = configuration
    configuration.lockTimeout = .milliseconds(20)
    let vault = try await Vault(configuration)
    #expect(vault.queue.join(QueuedWrite()))
    await #expect(throws: TokenVaultError.self) { try await vault.save(smallToken("late")) }
    #expect(vault.queue.withState { $0.waiting.isEmpty })
    vault.queue.leave()
    try await vault.save(smallToken("in time"))
    #expect(try await vault.allTokens().count == 5)
  }

  // MARK: Cancellation

  @Test(arguments: AsyncCall.allCases)
  func aCallThatIsCancelledWhileItWaitsForTheLockReturnsAndChangesNothing(
    _ call: AsyncCall
  ) async throws {
    let holder = try LockHolder(configuration.path)
    let before = try directory.bytes("tokens.vault")
    let (vault, configuration) = (vault, configuration)
    // More than a lane has threads: some wait for the lock, some for a turn, some for a thread.
    let calls = (1...20).map { number in
      Task { try await call.make(vault, configuration, number) }
    }
    try await Task.sleep(for: .milliseconds(5))
    for call in calls { call.cancel() }
    for call in calls { await #expect(throws: CancellationError.self) { try await call.value } }
    #expect(try directory.bytes("tokens.vault") == before)
    holder.release()
    try await vault.save(smallToken("next"))
    #expect(try await vault.allTokens().count == 5)
  }

  @Test func aSaveThatIsCancelledInTheQueueLeavesTheOthersThere() async throws {
    let vault = vault
    #expect(vault.queue.join(QueuedWrite()))
    let cancelled = Task { try await vault.save(smallToken("cancelled")) }
    try await waitUntil { vault.queue.withState { $0.waiting.count == 1 } }
    let saved = Task { try await vault.save(smallToken("saved")) }
    try await waitUntil { vault.queue.withState { $0.waiting.count == 2 } }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    vault.queue.leave()
    #expect(try await saved.value.change == .inserted)
    #expect(try await vault.findToken(matching: TokenQuery(userName: "cancelled")) == nil)
  }

  /// A vault whose disk waits in the middle of a write.
  private func heldVault(_ hasBegun: Gate, _ mayGoOn: Gate) async throws -> Vault {
    let disk = CuttingDisk { call in
      if call == "rename" || call == "fdatasync" {
        hasBegun.open()
        mayGoOn.wait()
      }
      return nil
    }
    return try await Vault(directory.configuration(on: disk))
  }

  @Test func aSaveThatIsCancelledAfterItsWriteHasBegunReturnsItsResult() async throws {
    let (hasBegun, mayGoOn) = (Gate(), Gate())
    let vault = try await heldVault(hasBegun, mayGoOn)
    let save = Task { try await vault.save(smallToken("begun")) }
    await hasBegun.waitInTask()
    save.cancel()
    mayGoOn.open()
    #expect(try await save.value.change == .inserted)
    #expect(try await self.vault.findToken(matching: TokenQuery(userName: "begun")) != nil)
  }

  @Test func aSaveThatAnotherThreadHasBegunToWriteReturnsItsResultAlsoIfItIsCancelled()
    async throws
  {
    let (hasBegun, mayGoOn) = (Gate(), Gate())
    let vault = try await heldVault(hasBegun, mayGoOn)
    #expect(vault.queue.join(QueuedWrite()))
    let saves = (1...2).map { number in
      Task { try await vault.save(smallToken("begun \(number)")) }
    }
    try await waitUntil { vault.queue.withState { $0.waiting.count == 2 } }
    vault.queue.leave()
    await hasBegun.waitInTask()
    for save in saves { save.cancel() }
    mayGoOn.open()
    for save in saves { #expect(try await save.value.change == .inserted) }
  }

  /// Until another task or thread has come so far.
  func waitUntil(_ isSo: () -> Bool) async throws {
    while !isSo() { try await Task.sleep(for: .milliseconds(1)) }
  }
}
