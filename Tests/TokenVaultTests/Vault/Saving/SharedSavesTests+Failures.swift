import Foundation
import Testing

@testable import TokenVault

extension SharedSavesTests {
  @Test func whatFailsAmongOthersFailsAloneAndLeavesNothing() throws {
    var long = try smallToken("c")
    long[.accessToken] = String(repeating: "x", count: RecordFormat.recordSizeLimit)
    let before = try vault.allTokens()
    try holdFirst()
    try threads.startAndWaitUntilItWaits(try saving("u1"))
    try threads.startAndWaitUntilItWaits(
      saving("conflict", [try smallToken("b", "conflict")], ifRevision: 7))
    try threads.startAndWaitUntilItWaits(try saving("u2"))
    let nothing = try token(#"{"user_name":"nothing"}"#)
    try threads.startAndWaitUntilItWaits(saving("nothing", [nothing]))
    // The first ones of it are applied by the time that the last one fails.
    let several = [
      try smallToken("b", "taken back"), try smallToken("new1"), try smallToken("b", "twice"),
      try token(#"{"id":"900","access_token":"1"}"#), try smallToken("u1", "taken back"),
    ]
    try threads.startAndWaitUntilItWaits(saving("several", several + [nothing]))
    try threads.startAndWaitUntilItWaits(try saving("u3"))
    try threads.startAndWaitUntilItWaits(saving("long", several + [long]))
    try threads.startAndWaitUntilItWaits(
      saving("user", [try smallToken("c", "1"), try token(#"{"id":"4","user_name":"z"}"#)]))
    try threads.startAndWaitUntilItWaits(try saving("u4"))
    let flushesBefore = flushes
    goOn()
    #expect(flushes == flushesBefore + 1)
    func error(_ user: String) throws -> TokenVaultError? {
      guard case .failure(let error) = try result(user) else { return nil }
      return error
    }
    #expect(try error("conflict") == .revisionConflict(id: "2", expected: 7, actual: 1))
    #expect(try error("nothing") == .noCredential(record: 1))
    #expect(try error("several") == .noCredential(record: 6))
    #expect(try error("long") == .unstorable(record: 6))
    #expect(try error("user") == .userConflict(id: "4"))
    for (index, user) in ["first", "u1", "u2", "u3", "u4"].enumerated() {
      #expect(try ids(user) == ["\(index + 5)"], "no id is used up by what failed")
    }
    let stored = try Vault(directory.configuration()).allTokens()
    #expect(Array(stored.prefix(4)) == before)
    #expect(stored.dropFirst(4).map(\.userName) == ["first", "u1", "u2", "u3", "u4"])
    #expect(stored.dropFirst(4).allSatisfy { $0.revision == 1 && $0[.accessToken] == "1" })
    #expect(try vault.allTokens() == stored)
    for query in [TokenQuery(userName: "new1"), TokenQuery(id: "900")] {
      #expect(try vault.findWithoutUse(query) == nil)
    }
    #expect(try vault.save(smallToken("next")).token.id == "10")
  }

  @Test func whereAllThatShareATurnFailNothingIsWritten() throws {
    try holdFirst()
    for user in ["x", "y"] {
      let several = [try smallToken(user), try token(#"{"user_name":"nothing"}"#)]
      try threads.startAndWaitUntilItWaits(saving(user, several))
    }
    let bytes = try directory.bytes("tokens.vault")
    goOn()
    for user in ["x", "y"] {
      #expect(throws: TokenVaultError.noCredential(record: 2)) { try result(user).get() }
    }
    #expect(try directory.bytes("tokens.vault") == bytes)
    #expect(flushes == 1)
  }

  @Test func whoWaitsForItsTurnLongerThanItsTimeoutIsNotSavedLater() throws {
    var configuration = directory.configuration()
    (configuration.disk, configuration.lockTimeout) = (disk, .seconds(5))
    let vault = try Vault(configuration)
    let (first, late) = (try smallToken("first"), try smallToken("late"))
    held.hold(threads) { #expect(throws: Never.self) { try vault.save(first) } }
    let timeout = TokenVaultError.lockTimeout(
      path: directory.file("tokens.vault"), seconds: 5, holder: getpid())
    #expect(throws: timeout) { try vault.save(late) }
    #expect(throws: timeout) { try vault.deleteToken(id: "1") }
    goOn()
    #expect(try directory.users() == ["a", "b", "c", "d", "first"])
    try vault.save(smallToken("next"))
    #expect(try directory.users() == ["a", "b", "c", "d", "first", "next"])
  }

  /// A thread waits for another one, which waits for a process that has the lock.
  @Test func theProcessThatHasTheLockIsNamedAlsoByAThreadThatWaitsForAnotherThread() async throws {
    let path = directory.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      try SharedSavesTests.waitForAThreadThatWaitsForAProcess(path)
    }
  }

  private static func waitForAThreadThatWaitsForAProcess(_ path: String) throws {
    let configuration = VaultConfiguration(in: path)
    let holder = try LockHolder(configuration.path)
    let vault = try Vault(configuration)
    let threads = QueuedThreads { 0 }
    // The process must not exit while the thread runs.
    defer {
      holder.release()
      threads.join()
    }
    threads.start { _ = try? vault.save(smallToken("first")) }
    while vault.queue.withState({ $0.waiting.isEmpty }),
      vault.queue.holder != holder.processIdentifier
    {
      sched_yield()
    }
    let error = TokenVaultError.lockTimeout(
      path: configuration.path, seconds: 0, holder: holder.processIdentifier)
    #expect(throws: error) { try vault.write(timeout: .zero) { _ in } }
  }
}
