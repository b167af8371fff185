import Foundation
import Testing

@testable import TokenVault

/// What the limits of a vault do to its records.
@Suite struct PolicyTests {
  let directory: TemporaryDirectory
  let clock = SettableClock()
  var configuration: VaultConfiguration { directory.configuration(clock) }

  init() throws { directory = try TemporaryDirectory() }

  private func policy(_ set: (inout RetentionPolicy) -> Void) -> RetentionPolicy {
    var policy = RetentionPolicy()
    set(&policy)
    return policy
  }

  /// An expiry so many seconds from now.
  private func expiry(_ seconds: Int64) -> Expiry? {
    clock.now.adding(seconds: seconds).map { .at($0) }
  }

  /// That the record 1 lasts for so many seconds from now and no longer.
  private func expectEnd(
    in seconds: Int64, by limit: RetentionPolicy.Limit, since: Timestamp,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let query = TokenQuery(id: "1")
    // Stores of their own, whose looking is no use of the record that the other sees.
    clock.advance(seconds: seconds, milliseconds: -1)
    #expect(
      try Vault(configuration).read {
        $0.table.policy.ended($0.table.tokens[0], at: VaultTime(clock: clock.now))
      }
        == nil, sourceLocation: location)
    clock.advance(milliseconds: 1)
    let vault = try Vault(configuration)
    #expect(try vault.findToken(id: "1") == nil, sourceLocation: location)
    #expect(try vault.findToken(matching: query) == nil, sourceLocation: location)
    let error = #expect(throws: TokenVaultError.self, sourceLocation: location) {
      try vault.requireToken(matching: query)
    }
    guard case .ended(let record) = error else {
      Issue.record("\(String(describing: error))", sourceLocation: location)
      return
    }
    #expect(
      record.id == "1" && record.userName == "a" && record.limit == limit, sourceLocation: location)
    #expect(record.since == since, sourceLocation: location)
    #expect(try vault.allTokens().count == 1, sourceLocation: location)
    #expect(try vault.findWithoutUse(query)?.id == "1", sourceLocation: location)
  }

  @Test(arguments: RecordFormat.allCases)
  func aRecordIsOldAtItsMaximalAgeHoweverOftenItIsSaved(_ format: RecordFormat) throws {
    let vault = try Vault.create(configuration, format: format)
    try vault.setPolicy(policy { $0.maxAge = .seconds(1000) })
    let first = clock.now
    try vault.save(token(#"{"user_name":"a","access_token":"1","refresh_token":"r"}"#))
    clock.advance(seconds: 600)
    try vault.save(token(#"{"user_name":"a","access_token":"2"}"#))
    try expectEnd(in: 400, by: .maxAge, since: first)
  }

  @Test(arguments: RecordFormat.allCases)
  func aRecordIsIdleWhenItCannotHaveBeenUsedWithinTheLimit(_ format: RecordFormat) throws {
    let vault = try Vault.create(configuration, format: format)
    try vault.setPolicy(policy { $0.idle = .seconds(1000) })
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
    clock.advance(seconds: 600)
    try vault.save(token(#"{"user_name":"a","access_token":"2"}"#))
    // A use may be noted a tenth of the limit late.
    try expectEnd(in: 1100, by: .idle, since: clock.now)
  }

  @Test(arguments: RecordFormat.allCases)
  func aRecordThatNothingCanRenewHasExpiredSoLongAfterItsAccessToken(
    _ format: RecordFormat
  ) throws {
    let vault = try Vault.create(configuration, format: format)
    try vault.setPolicy(policy { $0.expired = .seconds(50) })
    var record = try token(#"{"user_name":"a","access_token":"1"}"#)
    record.expiresAt = expiry(100)
    try vault.save(record)
    try expectEnd(in: 150, by: .expired, since: clock.now.adding(seconds: 100) ?? clock.now)
  }

  @Test func aRefreshTokenKeepsARecordUntilItsServerRejectsIt() throws {
    let vault = try Vault.create(configuration)
    try vault.setPolicy(policy { $0.expired = .seconds(1) })
    var record = try token(#"{"user_name":"a","access_token":"1","refresh_token":"r"}"#)
    record.expiresAt = expiry(0)
    try vault.save(record)
    let other = try token(#"{"user_name":"b","access_token":"1","expires_at":"unreadable"}"#)
    try vault.save(other)
    clock.advance(seconds: 1000)
    #expect(try vault.findToken(id: "1") != nil)
    let code = try #require(RejectionCode("invalid_grant"))
    try vault.note(id: "1") { $0.refresh = .rejected(at: clock.now, code: code, unanswered: nil) }
    #expect(try vault.findToken(id: "1") == nil)
    #expect(try vault.findToken(id: "2") != nil)
  }

  @Test(arguments: RecordFormat.allCases)
  func aSaveBeginsAnEndedRecordAnewAndMatchesItAsEver(_ format: RecordFormat) throws {
    let vault = try Vault.create(configuration, format: format)
    try vault.setPolicy(policy { $0.maxAge = .seconds(10) })
    let given = try token(#"{"user_name":"a","access_token":"1"}"#)
    try vault.save(given)
    clock.advance(seconds: 10)
    #expect(try vault.findToken(id: "1") == nil)
    let outcome = try vault.save(given)
    #expect(outcome.change == .updated && outcome.token.id == "1" && outcome.token.revision == 2)
    #expect(try Vault(configuration).findToken(id: "1")?.history.firstSavedAt == clock.now)
    try expectEnd(in: 10, by: .maxAge, since: clock.now)
  }

  @Test(arguments: RecordFormat.allCases)
  func limitsOutliveEverythingThatIsDoneToAVault(_ format: RecordFormat) throws {
    let vault = try Vault.create(configuration, format: format)
    let limits = policy {
      $0.maxAge = .seconds(100_000)
      $0.idle = .seconds(20_000)
      $0.expired = .milliseconds(3500)
    }
    try vault.setPolicy(limits)
    #expect(try vault.policy().expired == .seconds(3))
    let changes: [(String, (Vault) throws -> Void)] = [
      ("save", { try $0.save(token(#"{"user_name":"a","access_token":"1"}"#)) }),
      ("rotate", { try $0.rotate() }),
      ("convert", { try $0.convert(to: format == .json ? .csv : .json) }),
      ("save again", { try $0.save(token(#"{"user_name":"a","access_token":"2"}"#)) }),
      ("restore", { _ in try Vault.restore(configuration) }),
      ("delete", { try $0.deleteAllTokens() }),
    ]
    for (name, change) in changes {
      try change(vault)
      #expect(try vault.policy() == limits, "after \(name)")
      #expect(try Vault(configuration).status().policy == limits, "after \(name)")
    }
    try vault.setPolicy(RetentionPolicy())
    #expect(try Vault(configuration).policy().isEndless)
  }

  @Test func limitsThatAreThereAreNotWrittenAndNewOnesKeepTheSnapshotBefore() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"access_token":"1"}"#))
    let before = try directory.bytes("tokens.vault")
    try vault.setPolicy(RetentionPolicy())
    #expect(try directory.bytes("tokens.vault") == before)
    try vault.setPolicy(policy { $0.idle = .seconds(60) })
    #expect(try directory.bytes("tokens.vault.previous") == before)
    #expect(try vault.status().generation == 3)
    try vault.setPolicy(policy { $0.idle = .seconds(60) })
    #expect(try vault.status().generation == 3)
  }

  @Test func changesOfDifferentLimitsByTwoStoresAreBothThere() throws {
    let mine = try Vault.create(configuration)
    let other = try Vault(configuration)
    _ = try mine.changePolicy { $0.idle = .seconds(60) }
    #expect(try other.changePolicy { $0.maxAge = .seconds(90) }.idle == .seconds(60))
    #expect(try mine.policy().maxAge == .seconds(90))
  }

  @Test func aLimitThatIsSetLaterCountsFromTheLatestMomentOfUse() throws {
    let vault = try Vault.create(configuration)
    try vault.save(token(#"{"user_name":"a","access_token":"1"}"#))
    clock.advance(seconds: 3000)
    // Within the hour in which uses are not noted: nobody can know of it.
    #expect(try vault.findToken(id: "1") != nil)
    clock.advance(seconds: 100)
    try vault.setPolicy(policy { $0.idle = .seconds(200) })
    #expect(try vault.findToken(id: "1") != nil)
    try expectEnd(in: 220, by: .idle, since: clock.now)
  }

  @Test func limitsAtTheEndOfTimeEndNothing() throws {
    let vault = try Vault.create(configuration)
    try vault.setPolicy(policy { $0.expired = .seconds(Int64.max) })
    #expect(try vault.policy().expired == .seconds(RetentionPolicy.secondsLimit))
    try vault.save(token(#"{"access_token":"1","expires_at":"9999-12-31T23:59:59Z"}"#))
    #expect(try vault.findToken(id: "1") != nil)
    try vault.setPolicy(policy { $0.expired = .seconds(-5) })
    #expect(try vault.policy().expired == .seconds(1))
  }

  @Test func aStoreInMemoryHasNoLimits() throws {
    let store = InMemoryTokenStore()
    try store.save(token(#"{"access_token":"1","expires_at":"1970-01-01T00:00:00Z"}"#))
    #expect(store.findToken(id: "1") != nil && store.allTokens().count == 1)
  }
}
