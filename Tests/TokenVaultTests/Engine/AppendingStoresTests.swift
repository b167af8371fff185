import Synchronization
import Testing

@testable import TokenVault

/// Several stores of one vault, and files that are not what a store has left.
@Suite struct AppendingStoresTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func users(_ vault: Vault) throws -> [String] {
    try vault.allTokens().compactMap(\.userName)
  }

  // MARK: Stores in turn

  @Test(arguments: RecordFormat.allCases)
  func twoStoresInTurnSeeEachOthersCommitsWithoutOpeningTheFileToRead(
    _ format: RecordFormat
  ) throws {
    try directory.largeVault(format: format)
    let disks = [CuttingDisk(), CuttingDisk()]
    let stores = try disks.map { disk in
      var configuration = configuration
      configuration.disk = disk
      return try Vault(configuration)
    }
    let before = disks.map(\.calls.count)
    var expected = Self.old
    for round in 1...10 {
      for (index, store) in stores.enumerated() {
        expected.append("user \(round).\(index)")
        #expect(try store.save(smallToken(expected.last ?? "")).token.id == "\(expected.count)")
        try store.save(smallToken("a", "\(round).\(index)"))
        for store in stores {
          #expect(try users(store) == expected)
          #expect(try store.findToken(id: "1")?.accessToken == Secret("\(round).\(index)"))
          #expect(try store.status().generation == UInt64(2 + 2 * (expected.count - 4)))
        }
      }
    }
    for (disk, before) in zip(disks, before) {
      #expect(!disk.calls[before...].contains("open reading"))
      #expect(!disk.calls[before...].contains("rename"))
    }
    #expect(try directory.users() == expected)
  }

  /// What the first look-ups read without decoding the records is what is there as well.
  @Test(arguments: RecordFormat.allCases)
  func aStoreThatHasNotDecodedItsRecordsSeesCommitsToo(_ format: RecordFormat) throws {
    let vault = try directory.largeVault(format: format)
    let reader = try Vault(configuration)
    try vault.save(smallToken("b", "2"))
    #expect(try reader.findWithoutUse(TokenQuery(userName: "b"))?.accessToken == "2")
    try vault.save(smallToken("e"))
    #expect(try reader.findWithoutUse(TokenQuery(userName: "e"))?.id == "5")
    try vault.save(smallToken("e", "2"))
    #expect(try reader.findWithoutUse(TokenQuery(id: "5"))?.revision == 2)
    #expect(reader.session.mutex.withLock { !$0.records.isDecoded }, "or this proves nothing")
    #expect(try users(reader) == Self.old + ["e"])
  }

  /// The first look-up rests on the status that the opening has read, if the file had not changed shortly before.
  @Test func theFirstLookUpSeesWhatWasSavedSinceTheOpening() throws {
    let vault = try directory.largeVault()
    for number in 1...8 {
      LinuxDisk().pause(microseconds: 30_000)
      let reader = try Vault(configuration)
      if number == 5 { try vault.compact() }
      try vault.save(smallToken("b", "\(number)"))
      #expect(
        try reader.findWithoutUse(TokenQuery(userName: "b"))?.accessToken == Secret("\(number)"))
    }
  }

  @Test func aStoreThatIsBehindByCommitsAndACompactionCatchesUp() throws {
    let vault = try directory.largeVault()
    let undecoded = try Vault(configuration)
    let decoded = try Vault(configuration)
    #expect(try users(decoded) == Self.old)
    try vault.save(smallToken("e"))
    try vault.save(largeToken("a", size: 20_000))
    try vault.compact()
    try vault.save(smallToken("f"))
    for store in [undecoded, decoded] {
      #expect(try store.findWithoutUse(TokenQuery(id: "1"))?.revision == 2)
      #expect(try users(store) == Self.old + ["e", "f"])
      #expect(try store.status().generation == 6)
    }
    let before = try file()
    #expect(try undecoded.save(smallToken("g")).token.id == "7")
    #expect(try decoded.save(smallToken("h")).token.id == "8")
    #expect(try file().extends(before, by: 2))
    #expect(try users(vault) == Self.old + ["e", "f", "g", "h"])
  }

  @Test func aStoreThatIsBehindByADeleteAndMoreCommitsThanBeforeCatchesUp() throws {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let open = try Vault(configuration)
    #expect(try users(open) == Self.old + ["e"])
    try vault.deleteToken(id: "5")
    for user in ["f", "g", "h"] { try vault.save(smallToken(user)) }
    #expect(try users(open) == Self.old + ["f", "g", "h"])
    #expect(try open.save(smallToken("e")).token.id == "9", "no id is given twice")
  }

  // MARK: Written over

  @Test(arguments: [0, 3, 30_000])
  func anotherVaultThatIsWrittenOverTheOpenFileIsNoticed(_ size: Int) throws {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let inode = try directory.inode()
    let seen = try vault.status().storeID
    let other = try TemporaryDirectory()
    let stranger = try other.largeVault()
    for user in ["x", "y"] { try stranger.save(largeToken(user, size: 500 + size)) }
    let bytes = try other.bytes("tokens.vault")
    try directory.write(bytes, to: "tokens.vault")
    #expect(try directory.inode() == inode, "in place")
    let error = TokenVaultError.otherVault(
      path: directory.file("tokens.vault"), seen: seen,
      found: try stranger.status().storeID)
    #expect(throws: error) { try vault.allTokens() }
    #expect(throws: error) { try vault.findToken(id: "1") }
    #expect(throws: error) { try vault.save(smallToken("f")) }
    #expect(try directory.bytes("tokens.vault") == bytes)
  }

  /// Larger, so that it might be taken for the same with more commits.
  @Test func anotherStateOfTheSameVaultThatIsWrittenOverTheOpenFileIsRead() throws {
    let vault = try directory.largeVault()
    let early = try directory.bytes("tokens.vault")
    let open = try Vault(configuration)
    #expect(try users(open) == Self.old)
    // Generation 6: a conversion, and a save behind it that makes the file larger.
    for format in [RecordFormat.csv, .json] { try vault.convert(to: format) }
    try vault.save(largeToken("e", size: 5000))
    try vault.save(smallToken("f"))
    let late = try directory.bytes("tokens.vault")
    try directory.write(early, to: "tokens.vault")
    try directory.forgetGenerations()
    let reader = try Vault(configuration)
    #expect(try users(reader) == Self.old)
    try directory.write(late, to: "tokens.vault")
    #expect(try users(reader) == Self.old + ["e", "f"])
    #expect(try users(open) == Self.old + ["e", "f"])
    #expect(try reader.save(smallToken("g")).token.id == "7")
  }

  @Test func anOlderAndLargerStateThatIsWrittenOverTheOpenFileIsRolledBack() throws {
    let vault = try directory.largeVault()
    try vault.save(largeToken("a", size: 20_000))
    let old = try directory.bytes("tokens.vault")
    try vault.compact()
    try directory.write(old, to: "tokens.vault")
    for forgets in [false, true] {
      if forgets { try directory.forgetGenerations() }
      #expect(
        throws: TokenVaultError.rolledBack(
          path: directory.file("tokens.vault"), generation: 3, highest: 4)
      ) { try vault.allTokens() }
    }
  }

  // MARK: What a killed writer has left

  /// A vault with one commit, and behind it the first bytes of another that was never finished.
  private func tornVault(_ count: Int) throws -> (open: Vault, before: VaultFileState) {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let open = try Vault(configuration)
    #expect(try users(open) == Self.old + ["e"])
    let before = try file()
    try vault.save(smallToken("f", String(repeating: "z", count: 300)))
    let next = try file().layout.commit(1)
    let used = before.layout.used + next[..<count]
    let zeros = [UInt8](repeating: 0, count: before.layout.bytes.count - used.count)
    try directory.write(used + zeros, to: "tokens.vault")
    try directory.forgetGenerations()
    return (open, before)
  }

  @Test(arguments: [1, 63, 64, 100, 300])
  func aTornTailIsIgnoredByReadersAndGoneAfterTheNextSave(_ count: Int) throws {
    let (open, before) = try tornVault(count)
    let torn = try directory.bytes("tokens.vault")
    for store in [open, try Vault(configuration)] {
      #expect(try users(store) == Self.old + ["e"])
      #expect(try store.status().generation == 3)
      #expect(try store.findToken(id: "5")?.userName == "e")
    }
    #expect(try directory.bytes("tokens.vault") == torn, "a reader leaves it alone")
    #expect(try open.save(smallToken("g")).token.id == "6")
    let after = try file()
    #expect(after.isReplaced(since: before))
    #expect(try directory.bytes("tokens.vault.previous") == torn)
    // Above the one that was begun.
    #expect(try open.status().generation == 5)
    try Vault(configuration).save(smallToken("h"))
    #expect(try file().extends(after, by: 1))
    #expect(try users(open) == Self.old + ["e", "g", "h"])
    #expect(try directory.users() == Self.old + ["e", "g", "h"])
  }

  @Test func aTornTailThatAnotherStoreHasReplacedIsNoMatterForWhoHasSeenIt() throws {
    let (open, _) = try tornVault(50)
    let other = try Vault(configuration)
    #expect(try users(open) == Self.old + ["e"] && users(other) == Self.old + ["e"])
    try other.save(smallToken("g"))
    try other.save(smallToken("h"))
    #expect(try users(open) == Self.old + ["e", "g", "h"])
    #expect(try open.save(smallToken("i")).token.id == "8")
    #expect(try users(other) == Self.old + ["e", "g", "h", "i"])
  }

  /// What it finds may be another process's, and not be on the disk, whatever stands behind it.
  @Test(arguments: [false, true])
  func aSaveThatChangesNothingWaitsForTheDiskAlsoWhereATornTailIsThere(_ isTorn: Bool) throws {
    let (_, before) = try tornVault(50)
    if !isTorn { try directory.write(before.layout.bytes, to: "tokens.vault") }
    let disk = CuttingDisk()
    var configuration = configuration
    configuration.disk = disk
    #expect(try Vault(configuration).save(smallToken("e")).change == .unchanged)
    #expect(disk.calls.contains("fdatasync") || disk.calls.contains("fsync"))
  }

  @Test func compactionTakesATornTailAway() throws {
    let (open, before) = try tornVault(50)
    try open.compact()
    #expect(try file().isReplaced(since: before))
    #expect(try users(open) == Self.old + ["e"])
    #expect(try open.check().tokens == 5)
  }
}
