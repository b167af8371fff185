import Foundation
import Testing

@testable import TokenVault

/// When a record was last used is noted, and costs a read next to nothing.
@Suite struct UseNotesTests {
  let directory: TemporaryDirectory
  let clock = SettableClock()
  var configuration: VaultConfiguration { directory.configuration(clock) }

  init() throws { directory = try TemporaryDirectory() }

  /// A vault with records of these users, saved an hour ago and a little more.
  func vault(_ users: String..., policy: RetentionPolicy = RetentionPolicy()) throws -> Vault {
    let vault = try Vault.create(configuration)
    try vault.setPolicy(policy)
    try vault.save(users.map { try token(#"{"user_name":"\#($0)","access_token":"1"}"#) })
    clock.advance(seconds: 3600, milliseconds: 1)
    return vault
  }

  func generation() throws -> UInt64 { try Vault(configuration).status().generation }

  /// What is noted on the disk of a record's last use.
  func lastUse(_ id: String) throws -> Timestamp? {
    try Vault(configuration).findWithoutUse(TokenQuery(id: id))?.history.lastUsedAt
  }

  @Test func aUseIsNotedOnceInAnHourHoweverOftenTheRecordIsRead() throws {
    let vault = try vault("a")
    clock.advance(milliseconds: -1)
    let before = try generation()
    for _ in 1...100 { #expect(try vault.findToken(id: "1") != nil) }
    #expect(try generation() == before)
    clock.advance(milliseconds: 1)
    let first = clock.now
    for _ in 1...100 {
      #expect(try vault.findToken(id: "1")?.revision == 1)
      #expect(try Vault(configuration).findToken(id: "1") != nil)
      clock.advance(seconds: 36)
    }
    #expect(try generation() == before + 1)
    #expect(try lastUse("1") == first)
    clock.advance(milliseconds: 1)
    #expect(try Vault(configuration).requireToken(matching: TokenQuery(userName: "a")).id == "1")
    #expect(try generation() == before + 2)
    #expect(try lastUse("1") == clock.now)
  }

  @Test func usesOfManyRecordsAreWrittenTogetherOnceAMinute() throws {
    let vault = try vault("a", "b", "c")
    let before = try generation()
    let start = clock.now
    for id in ["1", "2", "3"] { #expect(try vault.findToken(id: id) != nil) }
    #expect(try generation() == before + 1)
    #expect(try lastUse("1") == start && lastUse("2") == nil)
    // This store knows already.
    #expect(try vault.findWithoutUse(TokenQuery(id: "2"))?.history.lastUsedAt == start)
    clock.advance(seconds: 60, milliseconds: -1)
    #expect(try vault.findToken(id: "1") != nil)
    #expect(try generation() == before + 1)
    clock.advance(milliseconds: 1)
    #expect(try vault.findToken(id: "1") != nil)
    #expect(try generation() == before + 2)
    #expect(try lastUse("2") == start && lastUse("3") == start)
    #expect(try vault.allTokens().allSatisfy { $0.revision == 1 })
  }

  @Test func whatIsPendingIsWrittenWithTheNextSaveOrDeleteOfTheStore() throws {
    let vault = try vault("a", "b", "c")
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    let before = try generation()
    try vault.save(token(#"{"user_name":"c","access_token":"1"}"#))
    #expect(try lastUse("2") == nil, "nothing was saved")
    try vault.save(token(#"{"user_name":"c","access_token":"2"}"#))
    #expect(try lastUse("2") == clock.now)
    #expect(try generation() == before + 1)
    clock.advance(seconds: 3601)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    try vault.deleteToken(id: "3")
    #expect(try lastUse("2") == clock.now)
    let after = try generation()
    clock.advance(seconds: 60)
    #expect(try vault.findToken(id: "1") != nil)
    #expect(try generation() == after)
  }

  @Test func whatIsPendingIsWrittenWhenTheStoreIsLetGo() throws {
    var vault: Vault? = try vault("a", "b")
    for id in ["1", "2"] { #expect(try vault?.findToken(id: id) != nil) }
    #expect(try lastUse("2") == nil)
    vault = nil
    #expect(try lastUse("2") == clock.now)
  }

  @Test func whatIsPendingIsWrittenAtItsTimeAlsoIfNobodyAsksTheStoreAnyMore() throws {
    var uses = PendingUses()
    var table = TokenTable()
    for user in ["a", "b"] {
      _ = try table.save(
        token(#"{"user_name":"\#(user)","access_token":"1"}"#), now: clock.now)
    }
    clock.advance(seconds: 3601)
    let tokens = table.tokens
    #expect(uses.markUsed(tokens[0], at: clock.now, in: &table) == .now)
    #expect(uses.markUsed(tokens[1], at: clock.now, in: &table) == .later(seconds: 60))
    #expect(uses.markUsed(table.tokens[1], at: clock.now, in: &table) == .none)
    clock.advance(seconds: 60)
    #expect(uses.scheduledTimeHasCome(at: clock.now, table.policy) == .now)
    // It could not be written: again in a minute, as long as there is something.
    #expect(
      uses.scheduledTimeHasCome(at: clock.now, table.policy) == .later(seconds: 60))
    uses.remove(uses)
    clock.advance(seconds: 60)
    #expect(uses.isEmpty && uses.scheduledTimeHasCome(at: clock.now, table.policy) == .none)
  }

  @Test(.timeLimit(.minutes(60)))
  func aStoreThatNobodyAsksAnyMoreWritesWhatIsPending() async throws {
    var policy = RetentionPolicy()
    policy.idle = .seconds(10)
    let vault = try await Vault.create(configuration)
    try await vault.setPolicy(policy)
    try await vault.save(
      ["a", "b"].map { try token(#"{"user_name":"\#($0)","access_token":"1"}"#) })
    clock.advance(seconds: 2)
    for id in ["1", "2"] { #expect(try await vault.findToken(id: id) != nil) }
    let use = clock.now
    #expect(try lastUse("1") == use && lastUse("2") == nil)
    // In a second of the real clock, which other tests may make a long one.
    clock.advance(seconds: 1)
    while try lastUse("2") == nil {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try lastUse("2") == use)
    withExtendedLifetime(vault) {}
  }

  @Test(.timeLimit(.minutes(60)))
  func aNoteThatAWriterWasInTheWayOfIsWrittenAlsoIfNobodyAsksAgain() async throws {
    var policy = RetentionPolicy()
    policy.idle = .seconds(10)
    let vault = try vault("a")
    try await vault.setPolicy(policy)
    clock.advance(seconds: 2)
    var lock: WriterLock? = try configuration.file().lock(timeout: .seconds(60))
    #expect(try await vault.findToken(id: "1") != nil)
    withExtendedLifetime(lock) {}
    lock = nil
    let use = clock.now
    #expect(try lastUse("1") != use)
    clock.advance(seconds: 1)
    while try lastUse("1") != use { try await Task.sleep(for: .milliseconds(10)) }
    withExtendedLifetime(vault) {}
  }

  @Test func onlyHandingOutIsAUse() throws {
    let vault = try vault("a")
    let before = try generation()
    _ = try vault.allTokens()
    _ = try vault.findWithoutUse(TokenQuery(id: "1"))
    _ = try vault.status()
    _ = try vault.purge()
    _ = try vault.check()
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
    #expect(try vault.findToken(id: "2") == nil)
    #expect(try generation() == before)
    #expect(try lastUse("1") == nil)
  }

  @Test func aNoteLeavesTheSnapshotBeforeAndTheRevisions() throws {
    let vault = try vault("a")
    let previous = try directory.bytes("tokens.vault.previous")
    #expect(try vault.findToken(id: "1") != nil)
    #expect(try lastUse("1") == clock.now)
    #expect(try directory.bytes("tokens.vault.previous") == previous)
    try vault.save(token(#"{"user_name":"a","access_token":"2"}"#), ifRevision: 1)
    #expect(try vault.check().tokens == 1)
  }
}
