import Foundation
import Testing

@testable import TokenVault

/// Threads that save to one large vault at the same moment.
@Suite struct SharedSavesTests {
  let directory: TemporaryDirectory
  let held = HeldFlush()
  let threads: QueuedThreads
  let disk: CuttingDisk
  let vault: Vault
  /// What came of the saves, by the user that each was for.
  let results = Collected<(user: String, result: Result<[SaveOutcome], TokenVaultError>)>()

  init() throws {
    directory = try TemporaryDirectory()
    try directory.largeVault()
    disk = held.disk()
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    self.vault = vault
    threads = QueuedThreads { vault.queue.withState { $0.waiting.count } }
  }

  var flushes: Int { disk.calls.count { $0 == "fdatasync" } }

  /// A call that saves these records, and notes what comes of it.
  func saving(
    _ user: String, _ tokens: [OAuthToken], ifRevision: Int? = nil
  ) -> @Sendable () -> Void {
    { [vault, results] in
      let result = Result { () throws(TokenVaultError) in
        guard let ifRevision else { return try vault.save(tokens) }
        return [try vault.save(tokens[0], ifRevision: ifRevision)]
      }
      results.add((user, result))
    }
  }

  func saving(_ user: String) throws -> @Sendable () -> Void {
    saving(user, [try smallToken(user)])
  }

  /// Holds the flush of a save of `first`, so that what is started now waits for its turn.
  func holdFirst() throws { held.hold(threads, try saving("first")) }

  func goOn(failing calls: Set<String> = []) {
    held.release(failing: calls)
    threads.join()
  }

  func result(_ user: String) throws -> Result<[SaveOutcome], TokenVaultError> {
    try #require(results.all.first { $0.user == user }?.result)
  }

  func ids(_ user: String) throws -> [String?] { try result(user).get().map(\.token.id) }

  // MARK: All at once

  @Test(arguments: RecordFormat.allCases)
  func sixteenThreadsLoseNoSaveAndEachHasItsOwnOutcome(_ format: RecordFormat) throws {
    let directory = try TemporaryDirectory()
    let vault = try directory.largeVault(format: format)
    let outcomes = Collected<(user: String, outcome: SaveOutcome)>()
    for thread in 0..<16 {
      threads.start {
        do {
          for round in 0..<10 {
            let user = "t\(thread)-\(round / 2)"
            outcomes.add((user, try vault.save(smallToken(user, "\(round)"))))
          }
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    threads.join()
    #expect(outcomes.all.count == 160)
    for (user, outcome) in outcomes.all {
      #expect(outcome.token.userName == user)
      let isFirst = outcome.token[.accessToken].flatMap(Int.init)?.isMultiple(of: 2) == true
      #expect(outcome.change == (isFirst ? .inserted : .updated))
      #expect(outcome.token.revision == (isFirst ? 1 : 2))
    }
    let stored = try Vault(directory.configuration()).allTokens()
    #expect(stored.map(\.id) == (1...84).map(String.init))
    let last = outcomes.all.map(\.outcome.token).filter { $0.revision == 2 }
    #expect(Set(stored.dropFirst(4).compactMap(\.userName)) == Set(last.compactMap(\.userName)))
    for token in last { #expect(stored.contains(token)) }
    #expect(try vault.allTokens() == stored)
    #expect(try vault.check().tokens == 84)
  }

  @Test func allThatComeDuringOneFlushShareTheNextWriteAndFlush() throws {
    let generation = try vault.status().generation
    let before = flushes
    try holdFirst()
    for number in 1...15 { try threads.startAndWaitUntilItWaits(try saving("u\(number)")) }
    #expect(flushes == before + 1)
    goOn()
    #expect(flushes == before + 2)
    let layout = try directory.layout()
    #expect(layout.commits.count == 2)
    #expect(try vault.status().generation == generation + 2)
    #expect(try ids("first") == ["5"])
    for number in 1...15 { #expect(try ids("u\(number)") == ["\(number + 5)"]) }
    #expect(
      try directory.users() == ["a", "b", "c", "d", "first"] + (1...15).map { "u\($0)" })
  }

  @Test func savesOfOneRecordThatShareAWriteCountItsRevisionEach() throws {
    try holdFirst()
    for number in 1...6 {
      try threads.startAndWaitUntilItWaits(
        saving("n\(number)", [try smallToken("a", "\(number)")], ifRevision: number))
    }
    goOn()
    for number in 1...6 {
      let outcome = try #require(try result("n\(number)").get().first)
      #expect(outcome.token.revision == number + 1 && outcome.token[.accessToken] == "\(number)")
      #expect(outcome.change == .updated)
    }
    #expect(try directory.layout().commits.count == 2)
    let stored = try Vault(directory.configuration()).findToken(id: "1")
    #expect(stored?.revision == 7 && stored?[.accessToken] == "6")
  }

  // MARK: Others that write

  @Test func deletesAndOtherWritersBetweenSavesLoseNothing() throws {
    try holdFirst()
    let vault = vault
    try threads.startAndWaitUntilItWaits(try saving("u1"))
    try threads.startAndWaitUntilItWaits {
      #expect(throws: Never.self) { try vault.deleteToken(id: "1") }
    }
    try threads.startAndWaitUntilItWaits(try saving("u2"))
    try threads.startAndWaitUntilItWaits {
      #expect(throws: Never.self) {
        try vault.importTokens([smallToken("imported"), smallToken("b", "imported")])
      }
    }
    try threads.startAndWaitUntilItWaits {
      #expect(throws: TokenVaultError.unknownID("77")) { try vault.deleteToken(id: "77") }
    }
    try threads.startAndWaitUntilItWaits(try saving("u3"))
    try threads.startAndWaitUntilItWaits {
      #expect(throws: Never.self) { try vault.convert(to: .csv) }
    }
    try threads.startAndWaitUntilItWaits(try saving("u4"))
    goOn()
    let users = try Set(directory.users())
    #expect(users == ["b", "c", "d", "first", "u1", "u2", "u3", "u4", "imported"])
    let stored = try Vault(directory.configuration())
    #expect(try stored.findWithoutUse(TokenQuery(id: "2"))?[.accessToken] == "imported")
    #expect(try stored.status().format == .csv)
    #expect(try vault.allTokens() == stored.allTokens())
    #expect(try stored.check().tokens == 9)
  }

  @Test func theLockIsFreeDuringTheFlushAndOtherStoresGoOn() throws {
    try holdFirst()
    let other = try Vault(directory.configuration())
    #expect(try other.save(smallToken("other")).token.id == "6")
    try other.save(smallToken("first", "other's"))
    try other.deleteToken(id: "1")
    #expect(try vault.findWithoutUse(TokenQuery(userName: "other")) != nil, "readers go on too")
    goOn()
    #expect(try ids("first") == ["5"])
    try vault.save(smallToken("next"))
    #expect(try directory.users() == ["b", "c", "d", "first", "other", "next"])
    #expect(try vault.findWithoutUse(TokenQuery(userName: "first"))?[.accessToken] == "other's")
  }
}
