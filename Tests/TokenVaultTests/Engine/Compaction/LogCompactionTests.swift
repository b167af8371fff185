import Testing

@testable import TokenVault

/// Commits that outgrow the snapshot, and what counts as a write.
@Suite struct LogCompactionTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: RecordFormat.allCases)
  func commitsThatOutgrowTheSnapshotAreCompactedByTheSaveThatFindsItSo(
    _ format: RecordFormat
  ) throws {
    let vault = try directory.largeVault(format: format)
    let open = try Vault(configuration)
    var users = Self.old
    for round in 1...3 {
      var before = try file()
      while true {
        users.append("\(round).\(users.count)")
        try vault.save(largeToken(users.last ?? "", size: 20_000))
        #expect(try directory.users() == users)
        let seen = try open.allTokens().compactMap(\.userName)
        #expect(seen == users)
        let after = try file()
        #expect(after.layout.commitsSize <= after.layout.snapshotSize)
        if after.isReplaced(since: before) {
          #expect(before.layout.commitsSize + 20_000 > before.layout.snapshotSize - 500)
          #expect(try directory.bytes("tokens.vault.previous") == before.layout.bytes)
          break
        }
        #expect(after.extends(before, by: 1))
        before = after
      }
    }
    #expect(try vault.check().tokens == users.count)
    #expect(try generation() == UInt64(2 + users.count - 4))
  }

  /// As large as the snapshot they may be, with the head before them, and not a frame larger.
  @Test func commitsAsLargeAsTheSnapshotAreKept() throws {
    try directory.largeVault()
    let start = try file()
    let limit = start.layout.snapshotSize - LogArea.headSize
    /// Saves a record of so many bytes behind the snapshot; the bytes of the log then.
    func commitsSize(_ size: Int) throws -> Int {
      try directory.write(start.layout.bytes, to: "tokens.vault")
      try directory.forgetGenerations()
      try Vault(configuration).save(largeToken("e", size: size))
      return try file().layout.commitsSize
    }
    let size = limit - 1000
    let largest = size + limit / LogFrame.size * LogFrame.size - (try commitsSize(size))
    #expect(try commitsSize(largest) == limit / LogFrame.size * LogFrame.size)
    #expect(try commitsSize(largest + LogFrame.size) == 0, "compacted")
    #expect(try directory.users() == Self.old + ["e"])
  }

  @Test func thePreviousVaultOfACompactionOpensWithItsCommits() throws {
    let vault = try directory.largeVault()
    for user in ["e", "f", "g", "h"] { try vault.save(largeToken(user, size: 20_000)) }
    #expect(try file().layout.commits.isEmpty)
    #expect(try FileLayout(directory.bytes("tokens.vault.previous")).commits.count == 3)
    try directory.write(directory.bytes("tokens.vault.previous"), to: "tokens.vault")
    try directory.forgetGenerations()
    #expect(try directory.users() == Self.old + ["e", "f", "g"])
    #expect(try generation() == 5)
  }

  @Test func everyWriteCountsOneGeneration() throws {
    let vault = try directory.largeVault()
    let other = try Vault(configuration)
    var expected: UInt64 = 2
    func expectOneMore(_ comment: Comment, _ change: () throws -> Void) throws {
      try change()
      expected += 1
      #expect(try vault.status().generation == expected, comment)
      #expect(try other.status().generation == expected, comment)
      #expect(try generation() == expected, comment)
    }
    for round in 1...3 {
      let next = round * 10
      try expectOneMore("save") { try vault.save(smallToken("e", "\(next)")) }
      try expectOneMore("save of the other") { try other.save(smallToken("f", "\(next)")) }
      try expectOneMore("save of many") {
        try vault.save(["e", "f", "g\(round)"].map { try smallToken($0, "\(next + 1)") })
      }
      try expectOneMore("compaction") { try other.compact() }
      try expectOneMore("save behind it") { try vault.save(smallToken("e", "\(next + 2)")) }
      try expectOneMore("delete") {
        try other.deleteToken(id: #require(try other.allTokens().last?.id))
      }
      try expectOneMore("conversion") { try vault.convert(to: round == 2 ? .json : .csv) }
      try expectOneMore("save behind that") { try other.save(smallToken("f", "\(next + 3)")) }
    }
  }
}
