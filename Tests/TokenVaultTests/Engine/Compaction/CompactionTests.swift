import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// Compactions that run beside the writers of a vault.
@Suite struct CompactionTests: CompactionSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func theNewFileHasTheRecordsOfItsPointAndTheEntriesBehindIt() throws {
    let vault = try hugeVault()
    for user in ["1", "2"] { try vault.save(smallToken(user)) }
    let compaction = try compaction(vault)
    for user in ["3", "2"] { try vault.save(smallToken(user, "3")) }
    let before = try file()
    try compaction.run()
    let (after, header) = try (file(), header())
    #expect(after.inode != before.inode && after.layout.commits.count == 2)
    #expect(header.after == compaction.point && compaction.point.generation == 4)
    #expect(header.generation > 2 + LogFrame.numberLimit, "above all that the old log can have")
    #expect(try generation() == header.generation + 2)
    #expect(try newUsers() == ["1", "2", "3"])
    #expect(try directory.bytes("tokens.vault.previous") == before.layout.bytes)
    #expect(try !directory.names.contains("tokens.vault.compact"))
    #expect(try vault.check().tokens == Self.count + 3)
    #expect(try vault.save(smallToken("4")).token.id == "\(Self.count + 4)")
    #expect(try file().extends(after, by: 1))
  }

  /// More than an extent of them, so that they have a summary in the new log, too.
  @Test(arguments: RecordFormat.allCases)
  func manyEntriesThatCameMeanwhileAreKept(_ format: RecordFormat) throws {
    let vault = try hugeVault()
    if format == .csv { try vault.convert(to: .csv) }
    try vault.save(smallToken("0"))
    let compaction = try compaction(vault)
    let users = (1...40).map { "\($0)" }
    for user in users { try vault.save(largeToken(user, size: 12_000)) }
    try compaction.run()
    #expect(try newUsers() == ["0"] + users)
    #expect(try directory.layout().commits.count == 40)
    #expect(try vault.check().tokens == Self.count + 41)
    for user in users { try vault.save(smallToken(user)) }
    #expect(try newUsers() == ["0"] + users)
  }

  // MARK: Other stores

  /// Stores that have read less, as much and more than the snapshot has.
  @Test func storesKeepTheirRecordsWhereverInTheLogTheyAre() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("0"))
    let disks = (0..<5).map { _ in CuttingDisk() }
    let stores = try disks.map { try Vault(directory.configuration(on: $0)) }
    func read(_ stores: ArraySlice<Vault>) throws {
      for store in stores { _ = try store.allTokens() }
    }
    try read(stores[...])
    for user in ["1", "2"] { try vault.save(smallToken(user)) }
    try read(stores[1...])
    let compaction = try compaction(vault)
    try read(stores[2...])
    for number in 1...24 { try vault.save(largeToken("\(number)", size: 12_000)) }
    try read(stores[3...])
    for user in ["1", "x"] { try vault.save(smallToken(user, "2")) }
    try read(stores[4...])
    try compaction.run()
    let expected = try Vault(configuration).allTokens()
    for (store, disk) in zip(stores, disks) {
      let before = disk.bytesRead
      #expect(try store.allTokens() == expected)
      #expect(disk.bytesRead - before < 2_300_000, "all of it would be 2.6 million")
      #expect(try store.status().generation == generation())
    }
    for (number, store) in stores.enumerated() { try store.save(smallToken("s\(number)")) }
    #expect(try vault.allTokens() == stores[0].allTokens())
    #expect(try newUsers().suffix(5) == ["s0", "s1", "s2", "s3", "s4"])
  }

  /// It needs the last extents of the logs, and what is new.
  @Test func aStoreThatHasReadAllFollowsACompactionWithoutReadingTheLogAgain() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("0"))
    let disk = CuttingDisk()
    let store = try Vault(directory.configuration(on: disk))
    let compaction = try compaction(vault)
    let users = (1...60).map { "\($0)" }
    for user in users { try vault.save(largeToken(user, size: 20_000)) }
    _ = try store.allTokens()
    try compaction.run()
    let before = disk.bytesRead
    #expect(try store.allTokens().count == Self.count + 61)
    #expect(disk.bytesRead - before < 700_000, "the log has 1.2 million")
    for user in ["1", "61"] { try vault.save(smallToken(user, "later")) }
    #expect(try store.allTokens() == vault.allTokens())
    #expect(try newUsers() == ["0"] + users + ["61"])
  }

  /// Under the writers' lock, as the command does: without decoding them, and so with others' records decoded.
  @Test(arguments: [false, true])
  func storesKeepTheirRecordsWhenTheVaultIsCompactedUnderTheLock(isDecoded: Bool) throws {
    let vault = try hugeVault()
    try vault.save(smallToken("0"))
    let disks = (0..<2).map { _ in CuttingDisk() }
    let stores = try disks.map { try Vault(directory.configuration(on: $0)) }
    for store in stores { _ = try store.allTokens() }
    for user in ["1", "2", "1"] { try vault.save(smallToken(user, "3")) }
    _ = try stores[1].allTokens()
    let compacting = try Vault(configuration)
    if isDecoded { _ = try compacting.allTokens() }
    let (before, reads) = try (generation(), disks.map(\.bytesRead))
    #expect(try compacting.compact().generation == before + 1)
    #expect(try header().after?.generation == before && file().layout.commits.isEmpty)
    let expected = try Vault(configuration).allTokens()
    #expect(expected.map(\.userName) == Self.oldUsers + ["0", "1", "2"])
    for (number, store) in stores.enumerated() {
      #expect(try store.allTokens() == expected)
      #expect(disks[number].bytesRead - reads[number] < 800_000, "all of it would be 2 million")
    }
    for (number, store) in stores.enumerated() { try store.save(smallToken("s\(number)")) }
    #expect(try newUsers() == ["0", "1", "2", "s0", "s1"])
    #expect(compacting.session.mutex.withLock { $0.records.isDecoded } == isDecoded)
    #expect(try compacting.allTokens() == stores[1].allTokens())
  }

  @Test func aStoreReadsASmallVaultThatACompactionHasLeft() throws {
    let vault = try directory.largeVault()
    for user in ["a", "b"] { try vault.save(smallToken(user, "2")) }
    _ = try vault.allTokens()
    try Vault(configuration).compact()
    #expect(try header().after != nil && directory.bytes("tokens.vault").count < 65_536)
    #expect(try vault.allTokens() == Vault(configuration).allTokens())
  }

  /// They say what it has read in the old file; a check opens all. Their frames must be a chain up to the last one.
  @Test(arguments: [false, true])
  func aStoreDoesNotOpenTheCopiedEntriesThatItHasReadButForTheLast(_ isInChain: Bool) throws {
    let vault = try hugeVault()
    let behind = try Vault(configuration)
    let compaction = try compaction(vault)
    for number in 1...5 { try vault.save(smallToken("\(number)")) }
    _ = try behind.allTokens()
    for number in 6...7 { try vault.save(smallToken("\(number)")) }
    try compaction.run()
    let layout = try directory.layout()
    var bytes = layout.bytes
    let second = layout.commits[1]
    bytes[isInChain ? second.upperBound - 1 : second.lowerBound + LogFrame.size] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    let damage = TokenVaultError.damagedLogEntry(
      path: directory.file("tokens.vault"), offset: Int64(second.lowerBound))
    for store in [vault, behind] {
      if isInChain {
        #expect(throws: damage) { try store.allTokens() }
      } else {
        let users = try store.allTokens().compactMap(\.userName)
        #expect(users.dropFirst(Self.count) == (1...7).map { "\($0)" }[...])
      }
    }
    #expect(throws: damage) { try Vault.check(configuration) }
  }

  @Test func aStoreThatHasReadAnotherHistoryDecodesTheRecordsAgain() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("0"))
    let copy = try directory.bytes("tokens.vault")
    try vault.save(smallToken("seen"))
    let disk = CuttingDisk()
    let store = try Vault(directory.configuration(on: disk))
    _ = try store.allTokens()
    // As on a machine that was resumed from an earlier state.
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    try directory.write(copy, to: "tokens.vault")
    try directory.forgetGenerations()
    let other = try Vault(configuration)
    try other.save(smallToken("other"))
    try compaction(other).run()
    let before = disk.bytesRead
    #expect(try store.allTokens().last?.userName == "other")
    #expect(disk.bytesRead - before > 1_900_000)
  }

  // MARK: Giving up

  @Test(arguments: ["rotate", "delete", "compact", "convert"])
  func whateverReplacesTheVaultMeanwhileMakesItGiveUp(_ what: String) throws {
    let vault = try hugeVault()
    for user in ["1", "2"] { try vault.save(smallToken(user)) }
    let other = try Vault(configuration)
    let probe = CuttingDisk { call in
      guard call == "fdatasync" else { return nil }
      switch what {
      case "rotate": _ = try? other.rotate()
      case "delete": try? other.deleteToken(id: "101")
      case "compact": _ = try? other.compact()
      default: try? other.convert(to: .csv)
      }
      return nil
    }
    let store = try Vault(directory.configuration(on: probe))
    let compaction = try compaction(store)
    #expect(throws: TokenVaultError.self) { try compaction.run() }
    #expect(try !directory.names.contains("tokens.vault.compact"))
    #expect(try header().after == (what == "compact" ? compaction.point : nil))
    #expect(try newUsers() == (what == "delete" ? ["2"] : ["1", "2"]))
  }

  @Test func onlyOneThreadOrProcessCompactsAtATime() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("1"))
    let (inode, compaction) = try (directory.inode(), compaction(vault))
    let file = try configuration.file()
    do {
      let lock = try #require(try CompactionLock(file.location, disk: file.disk))
      try compaction.run()
      #expect(try directory.inode() == inode)
      withExtendedLifetime(lock) {}
    }
    try compaction.run()
    #expect(try directory.inode() != inode)
  }

  @Test func aFileThatAKilledOneHasLeftIsInNobodysWayAndGoesWithWhatIsDeleted() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("1"))
    try directory.write([1, 2, 3], to: "tokens.vault.compact")
    try compaction(vault).run()
    #expect(try !directory.names.contains("tokens.vault.compact"))
    try directory.write(directory.bytes("tokens.vault"), to: "tokens.vault.compact")
    try vault.deleteToken(id: "101")
    #expect(try !directory.names.contains("tokens.vault.compact"))
    try directory.write(directory.bytes("tokens.vault"), to: "tokens.vault.compact")
    try vault.compact()
    #expect(try !directory.names.contains("tokens.vault.compact"))
  }
}
