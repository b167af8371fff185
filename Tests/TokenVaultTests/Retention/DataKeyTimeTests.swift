import Testing

@testable import TokenVault

/// The time of the data key shows that a clock is wrong: what a purge and a rotation make of it.
@Suite struct DataKeyTimeTests: WrongClockSuite {
  let directory: TemporaryDirectory
  let clock = SettableClock()
  let server = HourlyServer()

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: [true, false])
  func aPurgeRefusesWhileTheClockLiesBeforeTheDataKey(_ isDryRun: Bool) throws {
    let vault = try vault(keyAge: 0)
    try save("1", in: vault)
    let made = try vault.status().dataKeyMade
    var options = PurgeOptions()
    options.expired = .zero
    options.isDryRun = isDryRun
    for wrong in [Self.year1970, moment(made.millisecondsSince1970 - 1)] {
      let before = try directory.bytes("tokens.vault")
      #expect(throws: TokenVaultError.clockBehindKey(now: wrong, keyMade: made)) {
        try clock.whileAt(wrong) { try vault.purge(options) }
      }
      #expect(try directory.bytes("tokens.vault") == before)
    }
    #expect(try vault.purge(options).deleted.isEmpty)
  }

  @Test func aSmallStepBackLeavesTimesThatAreKnown() throws {
    let vault = try vault(keyAge: 0)
    let made = try vault.status().dataKeyMade
    try clock.whileAt(moment(made.millisecondsSince1970 - 60_000)) { try save("1", in: vault) }
    let history = try #require(try vault.findToken(matching: query)).history
    #expect(
      history.firstSavedAt == moment(made.millisecondsSince1970 + 1))
    clock.advance(seconds: 30 * Self.day)
    #expect(try vault.purge().deleted.map(\.limit) == [.maxAge])
  }

  @Test func aRotationNeverTakesTheTimeOfTheDataKeyBackUnlessItIsTold() throws {
    let vault = try Vault.create(configuration)
    let made = try vault.status().dataKeyMade
    clock.set(Self.year1970)
    try vault.rotate()
    #expect(try vault.status().dataKeyMade == made)
    #expect(try vault.slots().allSatisfy { ($0.rotated ?? $0.added) >= made })
    var rotation = RotationOptions()
    rotation.acceptsClock = true
    try vault.rotate(rotation)
    #expect(try vault.status().dataKeyMade < Self.year1970)
    #expect(try vault.purge().deleted.isEmpty)
  }

  @Test func aDataKeyThatWasMadeWhileTheClockWasAheadCostsNothingButPurges() async throws {
    let vault = try clock.whileAt(Self.ahead) { try Vault.create(configuration) }
    for access in ["1", "2"] { try save(access, in: vault) }
    #expect(try await access(vault, calls: 0) == "2")
    clock.advance(seconds: 3600)
    #expect(try await access(vault, calls: 1) == "new1")
    #expect(try await access(vault, calls: 1) == "new1")
    #expect(throws: TokenVaultError.self) { try vault.purge() }
    var rotation = RotationOptions()
    rotation.acceptsClock = true
    try await vault.rotate(rotation)
    #expect(try await vault.purge().deleted.isEmpty)
    // The record still has a time from then: it is due once more.
    #expect(try await access(vault, calls: 2) == "new2")
    #expect(try await access(vault, calls: 2) == "new2")
  }
}
