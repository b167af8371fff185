import Synchronization
import Testing

@testable import TokenVault

/// Summaries by stores that have written, or only read, the entries of an extent.
@Suite struct ExtentDraftTests: SummarySuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A check compares each summary with the entries.
  private func check(extents count: Int) throws {
    #expect(try summaries(layout()).count > count)
    #expect(throws: Never.self) { _ = try Vault(configuration).check() }
  }

  @Test(arguments: RecordFormat.allCases)
  func aStoreThatHasWrittenAnExtentBeginsTheNextOneWithoutReadingIt(_ format: RecordFormat) throws {
    try makeVault(extents: format)
    let disk = CuttingDisk()
    let vault = try Vault(directory.configuration(on: disk))
    _ = try vault.allTokens()
    for number in 1...60 {
      let before = disk.bytesRead
      try vault.save(smallToken("new\(number)"))
      #expect(disk.bytesRead - before < 2048, "save \(number)")
    }
    try check(extents: 3)
  }

  @Test func storesThatHaveOnlyReadSomeEntriesSummarizeThemToo() throws {
    let vault = try makeVault(extents: .json)
    let stores = [vault, try Vault(configuration), try Vault(configuration)]
    for number in 1...90 { try stores[number % 7 % 3].save(smallToken("new\(number)")) }
    try check(extents: 3)
    for number in 91...120 {
      try Vault(configuration).save(smallToken("new\(number)"))
      try stores[number % 3].save(smallToken("other\(number)"))
    }
    try check(extents: 6)
  }

  @Test func aStoreSummarizesWhatOthersHaveWrittenAsItReadsIt() throws {
    try makeVault(extents: .json)
    let stores = [try Vault(configuration), try Vault(configuration)]
    for store in stores { _ = try store.allTokens() }
    for number in 1...90 {
      let store = stores[number % 2]
      try store.save(smallToken("new\(number)"))
      // The extent in which a store begins to write may have entries from before.
      if number < 40 { continue }
      #expect(store.session.mutex.withLock { $0.draft?.text(of: $0.log) } != nil, "\(number)")
    }
    try check(extents: 3)
  }
}
