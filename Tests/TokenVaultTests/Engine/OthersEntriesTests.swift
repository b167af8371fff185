import Testing

@testable import TokenVault

/// What an open store reads of a log to which other stores append.
@Suite struct OthersEntriesTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// An extent has 256 KiB, so that a look at all its zeros would be seen.
  @Test func aStoreReadsTheNewEntriesOfOthersAndNoZerosBehindThemAgain() throws {
    let vault = try directory.largeVault()
    let disk = CuttingDisk()
    let open = try Vault(directory.configuration(on: disk))
    for store in [open, vault] { _ = try store.allTokens() }
    try vault.save(smallToken("e"))
    try open.save(smallToken("f"))
    for number in 1...20 {
      try vault.save(smallToken("other\(number)"))
      let before = disk.bytesRead
      if number % 2 == 0 {
        #expect(try open.findToken(matching: TokenQuery(userName: "other\(number)")) != nil)
      } else {
        try open.save(smallToken("own\(number)"))
      }
      #expect(disk.bytesRead - before < 10_000, "\(number)")
    }
    #expect(try open.allTokens() == vault.allTokens())
  }

  @Test(arguments: [1, 64, 300])
  func aTornTailBehindAnEntryOfAnotherStoreIsSeenByOneThatHasSeenZerosThere(_ count: Int) throws {
    let vault = try directory.largeVault()
    let open = try Vault(configuration)
    #expect(try open.allTokens().count == 4)
    try vault.save(smallToken("e"))
    let before = try file()
    try vault.save(smallToken("f", String(repeating: "z", count: 300)))
    let used = before.layout.used + (try file().layout.commit(1)[..<count])
    let zeros = [UInt8](repeating: 0, count: before.layout.bytes.count - used.count)
    try directory.write(used + zeros, to: "tokens.vault")
    try directory.forgetGenerations()
    #expect(try open.allTokens().compactMap(\.userName) == Self.old + ["e"])
    try open.save(smallToken("g"))
    #expect(try file().isReplaced(since: before))
    #expect(try directory.users() == Self.old + ["e", "g"])
  }
}
