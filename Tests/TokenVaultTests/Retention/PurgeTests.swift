import Foundation
import Testing

@testable import TokenVault

/// What a purge takes away, and what it leaves.
@Suite struct PurgeTests {
  private static let errors: [Int32] = [ENOSPC, EIO, EACCES]

  let directory: TemporaryDirectory
  let clock = SettableClock()
  var configuration: VaultConfiguration { directory.configuration(clock) }

  init() throws { directory = try TemporaryDirectory() }

  /// `old` has expired, `renewable` too but for its refresh token, `new` has not, `eternal` never does.
  @discardableResult
  private func fill(
    _ configuration: VaultConfiguration, _ format: RecordFormat = .json
  ) throws -> Vault {
    let vault = try Vault.create(configuration, format: format)
    for (user, seconds, extra) in [
      ("old", -100, ""), ("renewable", -100, #","refresh_token":"r""#), ("new", 5000, ""),
    ] {
      let moment = try #require(clock.now.adding(seconds: Int64(seconds)))
      try vault.save(
        token(#"{"user_name":"\#(user)","access_token":"1","expires_at":"\#(moment)"\#(extra)}"#))
    }
    try vault.save(token(#"{"user_name":"eternal","access_token":"1"}"#))
    return vault
  }

  private func users(_ configuration: VaultConfiguration) throws -> [String] {
    try Vault(configuration).allTokens().compactMap(\.userName)
  }

  private func expired(_ seconds: Int64) -> PurgeOptions {
    var options = PurgeOptions()
    options.expired = .seconds(seconds)
    return options
  }

  @Test(arguments: RecordFormat.allCases)
  func aPurgeDeletesWhatHasEndedInOneCommitAndTheSnapshotBefore(_ format: RecordFormat) throws {
    let vault = try fill(configuration, format)
    var policy = RetentionPolicy()
    policy.maxAge = .seconds(1000)
    policy.expired = .seconds(100)
    try vault.setPolicy(policy)
    try vault.save(token(#"{"user_name":"late","access_token":"1"}"#))
    let generation = try vault.status().generation
    #expect(try directory.names.contains("tokens.vault.previous"))
    let first = try vault.purge()
    #expect(first.deleted.map(\.userName) == ["old"] && first.deleted.map(\.limit) == [.expired])
    #expect(first.sparedRenewable == 1 && !first.isDryRun)
    #expect(try !directory.names.contains("tokens.vault.previous"))
    #expect(try vault.status().generation == generation + 1)
    clock.advance(seconds: 999)
    try vault.save(token(#"{"user_name":"late","access_token":"2"}"#))
    clock.advance(seconds: 1)
    let second = try vault.purge()
    #expect(second.deleted.map(\.id) == ["2", "3", "4", "5"])
    #expect(second.deleted.allSatisfy { $0.limit == .maxAge } && second.sparedRenewable == 0)
    #expect(try users(configuration).isEmpty)
    #expect(try vault.save(token(#"{"access_token":"1"}"#)).token.id == "6")
  }

  @Test func withNothingToDeleteNothingIsWritten() throws {
    let vault = try fill(configuration)
    let before = try [directory.bytes("tokens.vault"), directory.bytes("tokens.vault.previous")]
    #expect(try vault.purge().deleted.isEmpty)
    #expect(try vault.purge(expired(101)).deleted.isEmpty)
    #expect(
      try [directory.bytes("tokens.vault"), directory.bytes("tokens.vault.previous")] == before)
  }

  @Test func aDryRunTellsTheSameAndWritesNothing() throws {
    let vault = try fill(configuration)
    let before = try [directory.bytes("tokens.vault"), directory.bytes("tokens.vault.previous")]
    var options = expired(0)
    options.isDryRun = true
    let rehearsal = try vault.purge(options)
    #expect(
      try [directory.bytes("tokens.vault"), directory.bytes("tokens.vault.previous")] == before)
    #expect(rehearsal.isDryRun)
    let report = try vault.purge(expired(0))
    #expect(report.deleted == rehearsal.deleted && report.deleted.map(\.userName) == ["old"])
    #expect(report.sparedRenewable == 1 && rehearsal.sparedRenewable == 1)
  }

  @Test func whatExpiresThisVeryMomentHasExpiredWithoutALimit() throws {
    let vault = try fill(configuration)
    clock.advance(seconds: 5000, milliseconds: -1)
    #expect(try vault.purge(expired(0)).deleted.map(\.userName) == ["old"])
    clock.advance(milliseconds: 1)
    #expect(try vault.purge(expired(1)).deleted.isEmpty)
    #expect(try vault.purge(expired(0)).deleted.map(\.userName) == ["new"])
    #expect(try vault.purge(expired(-5)).deleted.isEmpty)
    #expect(try users(configuration) == ["renewable", "eternal"])
  }

  @Test func theVaultsLimitsAndThoseOfThePurgeBothApply() throws {
    let vault = try fill(configuration)
    var policy = RetentionPolicy()
    policy.maxAge = .seconds(5000)
    try vault.setPolicy(policy)
    clock.advance(seconds: 4999)
    try vault.save(token(#"{"user_name":"late","access_token":"1","expires_in":1}"#))
    clock.advance(seconds: 1)
    let report = try vault.purge(expired(0))
    #expect(report.deleted.map(\.limit) == [.maxAge, .maxAge, .maxAge, .maxAge, .expired])
  }

  @Test func aLimitOfThePurgeForIdleRecordsAllowsForNotesThatLieBehind() throws {
    let vault = try fill(configuration)
    var options = PurgeOptions()
    options.idle = .seconds(100)
    clock.advance(seconds: 3000)
    // A use that is not noted, because it lies within the hour.
    #expect(try vault.findToken(id: "1") != nil)
    clock.advance(seconds: 99)
    #expect(try vault.purge(options).deleted.isEmpty)
    clock.advance(seconds: 601, milliseconds: -1)
    #expect(try vault.purge(options).deleted.isEmpty)
    clock.advance(milliseconds: 1)
    #expect(try vault.purge(options).deleted.count == 4)
  }

  @Test func aRecordThatAnotherSavesBeforeThePurgeHasItsLockIsNotDeleted() throws {
    let vault = try fill(configuration)
    let other = try Vault(configuration)
    #expect(try vault.allTokens().count == 4)
    try other.save(token(#"{"user_name":"old","expires_at":"2999-01-01T00:00:00Z"}"#))
    #expect(try vault.purge(expired(0)).deleted.isEmpty)
  }

  @Test func aPurgeWaitsForTheLockAndTellsWhoHasIt() throws {
    let vault = try fill(configuration)
    var impatient = configuration
    impatient.lockTimeout = .zero
    let lock = try configuration.file().lock(timeout: .seconds(60))
    #expect(throws: TokenVaultError.self) { try Vault(impatient).purge(expired(0)) }
    withExtendedLifetime(lock) {}
    #expect(try vault.allTokens().count == 4)
  }

  // MARK: Crashes

  /// The calls that a purge makes where nothing goes wrong, but for what is remembered afterwards.
  private func calls() throws -> (names: [String], numbers: [Int]) {
    let directory = try TemporaryDirectory()
    let disk = CuttingDisk()
    var configuration = directory.configuration(clock)
    try fill(configuration)
    configuration.disk = disk
    try Vault(configuration).purge(expired(0))
    let calls = disk.calls
    return (calls, calls.indices.filter { !CuttingDisk.isOfMemory(calls[$0]) }.map { $0 + 1 })
  }

  @Test func aKillAtAnyCallLeavesTheOldOrTheNewVault() throws {
    let all = ["old", "renewable", "new", "eternal"]
    for call in try calls().numbers {
      let directory = try TemporaryDirectory()
      let configuration = directory.configuration(clock)
      try fill(configuration)
      var cut = configuration
      cut.disk = CuttingDisk(cutAt: call)
      #expect(throws: TokenVaultError.self) { try Vault(cut).purge(expired(0)) }
      let left = try users(configuration)
      #expect(left == all || left == Array(all.dropFirst()), "killed before call \(call)")
      // What is deleted is in no other file.
      if left != all { #expect(try !directory.names.contains("tokens.vault.previous")) }
      #expect(try Vault(configuration).purge(expired(0)).deleted.count == (left == all ? 1 : 0))
      #expect(
        try directory.names.filter { $0 != "tokens.vault.new" }
          == ["tokens.vault", "tokens.vault.key", "tokens.vault.lock"])
    }
  }

  @Test func anErrorAtAnyCallIsAnErrorAndLeavesTheVaultAsItWas() throws {
    let (names, numbers) = try calls()
    for call in numbers {
      for errno in Self.errors
      where !["open generation", "lstat state"].contains(names[call - 1]) || errno != EACCES {
        let directory = try TemporaryDirectory()
        let configuration = directory.configuration(clock)
        try fill(configuration)
        let before = try directory.bytes("tokens.vault")
        var cut = configuration
        cut.disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        #expect(throws: TokenVaultError.self, "error \(errno) of call \(call)") {
          try Vault(cut).purge(expired(0))
        }
        let isReplaced = names.prefix(call - 1).contains("rename")
        #expect(try (directory.bytes("tokens.vault") == before) == !isReplaced)
        #expect(try !directory.names.contains("tokens.vault.new"))
      }
    }
  }
}
