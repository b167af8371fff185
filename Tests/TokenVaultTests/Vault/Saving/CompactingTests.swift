import Foundation
import Testing

@testable import TokenVault

/// Compactions of a large vault, demanded and by saves.
@Suite struct CompactingTests {
  let directory: TemporaryDirectory
  private static let name = "tokens.vault"

  init() throws { directory = try TemporaryDirectory() }

  /// A vault with four commits, some of which overwrite what was saved before.
  private func makeVault(_ format: RecordFormat = .json) throws -> Vault {
    let vault = try directory.largeVault(format: format)
    try vault.save(token(#"{"user_name":"a","access_token":"\#(Self.long("1"))"}"#))
    try vault.save(token(#"{"user_name":"a","access_token":"\#(Self.long("2"))"}"#))
    try vault.save(smallToken("new"))
    try vault.save(token(#"{"user_name":"a","access_token":"\#(Self.long("3"))"}"#))
    return vault
  }

  private static func long(_ text: String) -> String { String(repeating: text, count: 10_000) }

  @Test(arguments: RecordFormat.allCases)
  func whatIsThereStaysAndTheFileIsSmaller(_ format: RecordFormat) throws {
    let vault = try makeVault(format)
    let reader = try Vault(directory.configuration())
    let (records, before) = (try vault.allTokens(), try directory.layout())
    let previous = try directory.bytes("tokens.vault.previous")
    #expect(before.commits.count == 4)
    let report = try vault.compact()
    let after = try directory.layout()
    #expect(
      report
        == CompactReport(
          path: directory.file(Self.name), sizeBefore: Int64(before.bytes.count),
          size: Int64(after.bytes.count), generation: 7))
    #expect(after.commits.isEmpty && after.logEnd < before.logEnd - 20_000)
    for store in try [vault, reader, Vault(directory.configuration())] {
      #expect(try store.allTokens() == records)
      #expect(try store.status().generation == 7)
    }
    #expect(try directory.bytes("tokens.vault.previous") == previous)
    #expect(try vault.check().tokens == 5)
    #expect(try vault.save(smallToken("next")).token.id == "6")
    #expect(try directory.layout().start == after.start, "the next save is appended")
  }

  @Test func aSecondOneWritesNothing() throws {
    _ = try makeVault()
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    let first = try vault.compact()
    try expectNothingIsWritten(by: vault, disk) {
      $0.sizeBefore == first.size && $0.size == first.size && $0.generation == first.generation
    }
  }

  @Test func oneOfASmallVaultWritesNothing() throws {
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let vault = try Vault.create(configuration)
    for number in 1...3 { try vault.save(smallToken("a", "\(number)")) }
    try expectNothingIsWritten(by: vault, disk) { $0.size == $0.sizeBefore && $0.generation == 4 }
  }

  private func expectNothingIsWritten(
    by vault: Vault, _ disk: CuttingDisk, _ isRight: (CompactReport) -> Bool
  ) throws {
    let (bytes, inode, names) = try (
      directory.bytes(Self.name), directory.inode(), directory.names
    )
    let before = disk.calls.count
    #expect(isRight(try vault.compact()))
    #expect(Set(disk.calls[before...]).isDisjoint(with: RepairTests.writingCalls))
    #expect(try directory.bytes(Self.name) == bytes && directory.inode() == inode)
    #expect(try directory.names == names)
  }

  @Test func anUnfinishedTailIsTakenAway() throws {
    let vault = try directory.largeVault()
    let bytes = try directory.bytes(Self.name)
    try directory.write(bytes + [1, 2, 3], to: Self.name)
    let report = try vault.compact()
    #expect(report.sizeBefore == Int64(bytes.count) + 3 && report.size == Int64(bytes.count))
    #expect(try directory.users() == ["a", "b", "c", "d"])
    #expect(try directory.layout().commits.isEmpty)
  }

  @Test func savesThatOtherStoresHaveAppendedAreKept() throws {
    let vault = try makeVault()
    let other = try Vault(directory.configuration())
    try other.save(smallToken("other"))
    try vault.compact()
    try other.save(smallToken("later"))
    #expect(try directory.users() == ["a", "b", "c", "d", "new", "other", "later"])
    #expect(try vault.allTokens() == other.allTokens())
  }

  // MARK: By saves

  @Test(arguments: RecordFormat.allCases)
  func aSaveCompactsOnceTheCommitsAreLargerThanTheSnapshot(_ format: RecordFormat) throws {
    let vault = try directory.largeVault(format: format)
    var before = try directory.layout()
    var compactions = 0
    for round in 1...30 {
      let access = Self.long("x") + "\(round)"
      try vault.save(token(#"{"user_name":"a","access_token":"\#(access)"}"#))
      let after = try directory.layout()
      #expect(after.commitsSize <= after.snapshotSize)
      if after.start != before.start {
        compactions += 1
        #expect(after.commits.isEmpty)
        #expect(try directory.bytes("tokens.vault.previous") == before.bytes)
      } else {
        #expect(after.bytes.starts(with: before.used))
      }
      before = after
      let stored = try Vault(directory.configuration()).findWithoutUse(TokenQuery(id: "1"))
      #expect(stored?[.accessToken] == access && stored?.revision == round + 1)
      #expect(try vault.status().generation == UInt64(round) + 2)
    }
    #expect((2...5).contains(compactions))
  }

  @Test func aSaveThatIsLargerThanTheVaultIsNoCommit() throws {
    let vault = try directory.largeVault()
    let many = try (1...10).map { try smallToken("m\($0)", Self.long("y")) }
    try vault.save(many)
    #expect(try directory.layout().commits.isEmpty)
    #expect(try directory.users() == ["a", "b", "c", "d"] + many.compactMap(\.userName))
  }

  // MARK: Failures

  @Test func aFullDiskOrAKillAtAnyCallLeavesAllRecords() throws {
    let records = try makeVault().allTokens()
    let bytes = try directory.bytes(Self.name)
    func compact(_ disk: CuttingDisk) throws -> (calls: Range<Int>, report: CompactReport?) {
      try directory.forgetGenerations()
      try directory.write(bytes, to: "new")
      try FileManager.default.removeItem(atPath: directory.file(Self.name))
      try FileManager.default.moveItem(
        atPath: directory.file("new"), toPath: directory.file(Self.name))
      let configuration = directory.configuration(on: disk)
      let vault = try? Vault(configuration)
      let start = disk.calls.count
      return (start..<start, try? vault?.compact())
    }
    let whole = CuttingDisk()
    let start = try compact(whole).calls.lowerBound
    let calls = whole.calls
    let rename = try #require(calls.firstIndex(of: "rename"))
    for call in start..<calls.count {
      for cut in [CuttingDisk.Cut.fail(errno: ENOSPC), .kill] {
        let report = try compact(CuttingDisk(cutAt: call + 1, cut)).report
        let place: Comment = "\(cut) at call \(call + 1), \(calls[call])"
        if report == nil, call <= rename {
          #expect(try directory.bytes(Self.name) == bytes, place)
        }
        #expect(try Vault(directory.configuration()).allTokens() == records, place)
        try Vault(directory.configuration()).compact()
        #expect(try Vault(directory.configuration()).allTokens() == records, place)
        #expect(try !directory.names.contains("tokens.vault.new"), place)
      }
    }
  }
}
