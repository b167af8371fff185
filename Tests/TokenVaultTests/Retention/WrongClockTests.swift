import Testing

@testable import TokenVault

/// No save is lost by a clock that was wrong, and no token is taken for fresh.
@Suite struct WrongClockTests: WrongClockSuite {
  let directory: TemporaryDirectory
  let clock = SettableClock()
  let server = HourlyServer()

  init() throws { directory = try TemporaryDirectory() }

  // MARK: A clock that is behind

  @Test(arguments: RecordFormat.allCases, [nil, "r"])
  func noLimitEndsWhatWasSavedWhileTheClockSaid1970(
    _ format: RecordFormat, _ refresh: String?
  ) throws {
    let vault = try vault(format)
    try clock.whileAt(Self.year1970) { _ = try vault.save(record("1", refresh: refresh)) }
    clock.advance(seconds: 60)
    #expect(try Vault(configuration).findToken(matching: query)?.accessToken == "1")
    #expect(try vault.purge().deleted.isEmpty)
    #expect(try vault.findToken(matching: query)?.accessToken == "1")
  }

  @Test func noLimitEndsWhatWasSavedAgainWhileTheClockSaid1970() throws {
    let vault = try vault()
    try save("1", in: vault)
    clock.advance(seconds: 20 * Self.day)
    try clock.whileAt(Self.year1970) { try save("2", in: vault) }
    // Less than `max-age` after the first save, and more than `idle` after the data key was made.
    clock.advance(seconds: 60)
    #expect(try vault.purge().deleted.isEmpty)
    #expect(try vault.findToken(matching: query)?.accessToken == "2")
    clock.advance(seconds: 10 * Self.day)
    #expect(try vault.purge().deleted.map(\.limit) == [.maxAge])
  }

  @Test func noTimeInAVaultLiesBeforeItsDataKeys() throws {
    let vault = try vault()
    let made = try vault.status().dataKeyMade
    try clock.whileAt(Self.year1970) {
      try save("1", in: vault)
      try save("2", in: vault)
      try vault.importTokens([token(#"{"user_name":"b","access_token":"1"}"#)])
      try vault.addSlot(named: "second", key: .file(directory.file("second.key")))
    }
    for history in try vault.allTokens().map(\.history) {
      for time in [history.firstSavedAt, history.lastUsedAt].compactMap(\.self) {
        #expect(time >= made)
      }
    }
    #expect(try vault.slots().allSatisfy { $0.added >= made })
  }

  @Test func whatWasSavedBeforeTheClockSaid1970IsRefreshedOnceThenAndOnceWhenItIsRight()
    async throws
  {
    let vault = try vault()
    try save("1", in: vault)
    clock.advance(seconds: 60)
    let right = clock.now
    clock.set(Self.year1970)
    #expect(try await fresh(vault).token.accessToken == "new1")
    clock.advance(seconds: 60)
    #expect(try await access(vault, calls: 1) == "new1")
    clock.advance(seconds: 3600)
    #expect(try await access(vault, calls: 2) == "new2")
    clock.set(right)
    #expect(try await access(vault, calls: 3) == "new3")
    #expect(try await access(vault, calls: 3) == "new3")
    #expect(try await vault.purge().deleted.isEmpty)
  }

  @Test func whatWasSavedBeforeTheDataKeyWasMadeIsRefreshedTooWhileTheClockSays1970() async throws {
    let vault = try vault(limits: nil)
    try save("1", in: vault)
    clock.advance(seconds: Self.day)
    try await vault.rotate()
    clock.set(Self.year1970)
    #expect(try await access(vault, calls: 1) == "new1")
    #expect(try await access(vault, calls: 1) == "new1")
  }

  // MARK: A clock that was ahead

  @Test(arguments: [true, false])
  func whatWasSavedWhileTheClockWasYearsAheadIsRefreshed(_ isUpdate: Bool) async throws {
    let vault = try vault()
    if isUpdate { try save("0", in: vault) }
    try clock.whileAt(Self.ahead) { try save("1", in: vault) }
    clock.advance(seconds: 60)
    let fresh = try await fresh(vault)
    #expect(fresh.wasRefreshed && fresh.token.accessToken == "new1")
    #expect(try await access(Vault(configuration), calls: 1) == "new1")
    // Its limits count again.
    clock.advance(seconds: 34 * Self.day)
    #expect(try await vault.purge().deleted.count == 1)
  }

  @Test func aUseMakesNoRecordCertainThatWasSavedWhileTheClockWasAhead() async throws {
    let vault = try vault()
    try clock.whileAt(Self.ahead) { try save("1", in: vault) }
    for _ in 1...3 {
      clock.advance(seconds: 7200)
      #expect(try await vault.findToken(matching: query)?.accessToken == "1")
    }
    #expect(try await fresh(vault).wasRefreshed)
  }

  @Test func aSaveMakesCertainAgainWhatWasSavedWhileTheClockWasAhead() async throws {
    let vault = try vault()
    try clock.whileAt(Self.ahead) { try save("1", in: vault) }
    try save("2", in: vault)
    #expect(try await access(vault, calls: 0) == "2")
  }

  @Test(arguments: [Self.ahead, Self.year1970])
  func aSaveOfTheSameMakesItCertainOnce(_ wrong: Timestamp) throws {
    let vault = try vault(limits: nil)
    let same = try clock.whileAt(wrong) {
      let same = try record("1", refresh: nil)
      try vault.save(same)
      return same
    }
    #expect(try vault.findWithoutUse(query)?.hasUncertainEnd(at: vault.time()) == true)
    #expect(try vault.save(same).change == .updated)
    #expect(try vault.findWithoutUse(query)?.hasUncertainEnd(at: vault.time()) == false)
    #expect(try vault.save(same).change == .unchanged)
  }

  @Test func aLoopOverChangesTellsSavesByAWrongClockAsUpdates() throws {
    let vault = try vault()
    try clock.whileAt(Self.ahead) { try save("1", in: vault) }
    var reader = try ChangeReader(vault)
    try save("2", in: vault)
    #expect(try reader.next().kind == .updated)
    try clock.whileAt(Self.year1970) { try save("3", in: vault) }
    #expect(try reader.next().kind == .updated)
    try save("4", in: vault)
    #expect(try reader.next().kind == .updated)
  }

  @Test(arguments: [Self.year1970, Self.ahead])
  func whatCannotBeRefreshedIsHandedOutAsUncertain(_ wrong: Timestamp) async throws {
    let vault = try vault(limits: nil)
    if wrong == Self.ahead {
      try clock.whileAt(wrong) { try save("1", refresh: nil, in: vault) }
    } else {
      try save("1", refresh: nil, in: vault)
      clock.set(wrong)
    }
    let fresh = try await fresh(vault)
    #expect(fresh.token.accessToken == "1" && !fresh.wasRefreshed && fresh.hasUncertainEnd)
    #expect(fresh.failure as? TokenVaultError == .notRenewable(id: "1", reason: "no refresh token"))
    clock.set(moment(1_774_224_000_000))
    if wrong == Self.year1970 {
      await #expect(throws: TokenVaultError.self) { try await self.fresh(vault) }
    }
  }

  @Test func aCertainTokenIsHandedOutAsCertain() async throws {
    let vault = try vault()
    try save("1", in: vault)
    #expect(try await fresh(vault).hasUncertainEnd == false)
    // Clocks that are right differ by some minutes.
    clock.advance(seconds: -299)
    #expect(try await access(vault, calls: 0) == "1")
  }
}
