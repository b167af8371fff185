import Testing

@testable import TokenVault

// What a power cut at each system call of a write leaves on the disk.
extension VaultCrashTests {
  private static let before = ["a", "b", "c"]

  /// Looks at what a power cut has left, and saves another record.
  private func expectVault(
    _ left: PowerCutSweep.Left, _ users: [[String]], deleted: Bool = false
  ) {
    left.afterRestoring {
      if deleted {
        #expect(try !left.directory.names.contains("tokens.vault.previous"), left.place)
      }
      let found = try self.users(left.directory)
      #expect(users.contains(found), left.place)
      try Vault(left.directory.configuration()).save(smallToken("z"))
      #expect(try self.users(left.directory) == found + ["z"], left.place)
      #expect(try !left.directory.names.contains("tokens.vault.new"), left.place)
    }
  }

  @Test(arguments: Change.allCases)
  func aPowerCutAtAnyCallLeavesTheOldOrTheNewVaultAndTheNewOneOnceItWasAcknowledged(
    _ change: Change
  ) throws {
    let directory = try TemporaryDirectory()
    try vaultOfThree(directory)
    let sweep = try PowerCutSweep(directory)
    try change.make(try Vault(sweep.configuration))
    sweep.disk.promise("changed")
    for left in sweep.cuts() {
      let isChanged = !left.promised.isEmpty
      expectVault(
        left, isChanged ? [change.usersAfter] : [Self.before, change.usersAfter],
        deleted: isChanged && change.isDelete)
    }
  }

  /// A save that finds its record there already says that it is saved, too, and the process that has put it there may
  /// have been killed before its name was on the disk.
  @Test func whatAProcessFindsSavedByOneThatWasKilledSurvivesAPowerCut() throws {
    for call in try calls(.save) {
      let directory = try TemporaryDirectory()
      try vaultOfThree(directory)
      let sweep = try PowerCutSweep(directory)
      _ = try? Change.save.make(try Vault(sweep.configuration(killedAt: call)))
      try Change.save.make(try Vault(sweep.configuration))
      for left in sweep.cutsAtTheEnd() { expectVault(left, [Change.save.usersAfter]) }
    }
  }

  /// What this host remembers must not be ahead of what is on the disk.
  @Test func aReaderThatSeesASaveBeforeItIsDurableDoesNotMakeTheVaultRolledBack() throws {
    for call in try calls(.save) {
      let directory = try TemporaryDirectory()
      try vaultOfThree(directory)
      let sweep = try PowerCutSweep(directory)
      _ = try? Change.save.make(try Vault(sweep.configuration(killedAt: call)))
      _ = try Vault(sweep.configuration).allTokens()
      for left in sweep.cuts() { expectVault(left, [Self.before, Change.save.usersAfter]) }
    }
  }

  /// A vault in a directory of its own, and a key at the standard place or beside it.
  private func firstRun(_ configuration: VaultConfiguration, named: Bool) -> VaultConfiguration {
    var configuration = configuration
    let directory = PrivateFile.directory(of: configuration.path)
    configuration.path = "\(directory)/a/b/tokens.vault"
    configuration.key = named ? .file("\(directory)/keys/tokens.key") : .standard
    return configuration
  }

  private func saveFirst(_ configuration: VaultConfiguration) throws {
    let (vault, _) = try Vault.openCreatingIfNeeded(configuration)
    try vault.save(smallToken("first"))
  }

  private func expectFirstSave(_ left: PowerCutSweep.Left, named: Bool) {
    let configuration = firstRun(left.directory.configuration(), named: named)
    left.afterRestoring {
      if left.promised.isEmpty { try saveFirst(configuration) }
      let users = try Vault(configuration).allTokens().compactMap(\.userName)
      #expect(users == ["first"], left.place)
    }
  }

  @Test(arguments: [true, false])
  func aPowerCutAtAnyCallOfTheFirstRunLeavesAVaultThatOpensOrNone(_ named: Bool) throws {
    let sweep = try PowerCutSweep(TemporaryDirectory())
    try saveFirst(firstRun(sweep.configuration, named: named))
    sweep.disk.promise("saved")
    for left in sweep.cuts() { expectFirstSave(left, named: named) }
  }

  /// Directories, keys and vaults that a killed process has made may not be on the disk yet.
  @Test(arguments: [true, false])
  func whoGoesOnWithWhatAKilledFirstRunHasMadeLosesNothingByAPowerCut(_ named: Bool) throws {
    let probe = CuttingDisk()
    let directory = try TemporaryDirectory()
    var configuration = firstRun(directory.configuration(), named: named)
    configuration.disk = probe
    try saveFirst(configuration)
    for call in (1...probe.calls.count).sampled(each: 4) {
      let sweep = try PowerCutSweep(TemporaryDirectory())
      try? saveFirst(firstRun(sweep.configuration(killedAt: call), named: named))
      try saveFirst(firstRun(sweep.configuration, named: named))
      sweep.disk.promise("saved")
      for left in sweep.cutsAtTheEnd() { expectFirstSave(left, named: named) }
    }
  }

  /// With a key that the add makes, and with one that is there.
  @Test(arguments: [true, false])
  func aPowerCutAtAnyCallOfAKeyAddLeavesAVaultThatOpensAndByTheNewKeyOnceItWasAdded(
    _ isNew: Bool
  ) throws {
    let directory = try TemporaryDirectory()
    try vaultOfThree(directory)
    let key = KeySource.file(directory.file("web/web.key"))
    let sweep = try PowerCutSweep(directory)
    if !isNew { _ = try KeyFile(path: directory.file("web/web.key"), disk: sweep.disk).create() }
    try Vault(sweep.configuration).addSlot(named: "web", key: key)
    sweep.disk.promise("added")
    var byNewKey = directory.configuration()
    byNewKey.key = key
    for left in sweep.cuts() {
      expectVault(left, [Self.before])
      if left.promised.isEmpty { continue }
      left.afterRestoring {
        let count = try Vault(byNewKey).allTokens().count
        #expect(count == 3, left.place)
      }
    }
  }

  @Test func whatThreadsOfTwoStoresWereToldSurvivesAPowerCutAtAnyCall() throws {
    let directory = try TemporaryDirectory()
    try vaultOfThree(directory)
    let sweep = try PowerCutSweep(directory)
    try sweep.saveByThreads(stores: 2, threads: 2, saves: 2)
    for left in sweep.cuts() {
      left.afterRestoring {
        let users = try self.users(directory)
        #expect(users.starts(with: Self.before) && Set(users).count == users.count, left.place)
        #expect(Set(left.promised).isSubset(of: users), left.place)
      }
    }
  }
}
