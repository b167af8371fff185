import Testing

@testable import TokenVault

/// Repairs of vaults with damaged chunks: their records, and the next id.
@Suite struct SnapshotRepairTests: SnapshotRepairSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  // MARK: Chunks

  @Test(arguments: RecordFormat.allCases, [200, 600])
  func aDamagedChunkCostsTheRecordsThatHaveAPartInItAndNoOther(
    _ format: RecordFormat, _ count: Int
  ) throws {
    let text = try makeVault(format, count, limits: limits)
    let layout = try directory.layout()
    let all = try Vault(configuration).allTokens()
    for chunk in 0..<text.chunks {
      let bytes = SnapshotText.damaging([chunk], layout)
      try put(bytes)
      if chunk == 0 {
        #expect(throws: TokenVaultError.limitsLost(path: path, previous: nil)) {
          try Vault.repair(configuration)
        }
        #expect(try directory.bytes(name) == bytes)
      }
      let report = try Vault.repair(configuration, policy: limits)
      let expected = text.ids(without: [chunk])
      let vault = try Vault(configuration)
      let left = try vault.allTokens()
      #expect(left == all.filter { expected.contains($0.id ?? "") }, "chunk \(chunk)")
      #expect(report.lostChunks == 1 && report.snapshotChunks == text.chunks)
      #expect(report.areLimitsLost == (chunk == 0) && !report.areNamesLost)
      #expect(report.tokensFromSnapshot == expected.count && report.tokens == expected.count)
      #expect(report.lostSaves == 0 && report.generation == 4)
      #expect(report.lostBytes > 0 && report.lostBytes < SnapshotText.chunk + 1200)
      #expect(try vault.policy() == limits)
      #expect(try directory.bytes("tokens.vault.damaged") == bytes)
      #expect(try Vault.repair(configuration).copy == nil)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func recordsBetweenTwoDamagedChunksAreSavedToo(_ format: RecordFormat) throws {
    let text = try makeVault(format, 1000)
    let layout = try directory.layout()
    for lost in [[1, 3], [2, 4, 6], [1, text.chunks - 1], [0, 2], [0, text.chunks - 1]] as [Set] {
      try put(SnapshotText.damaging(lost, layout))
      try Vault.repair(configuration, policy: RetentionPolicy())
      #expect(try ids() == text.ids(without: lost), "\(lost)")
    }
  }

  @Test func rowsBetweenTwoDamagedChunksDoNotCountWhereTheyMayBeWithinQuotes() throws {
    let text = try makeVault(.csv, 1000, more: "")
    try put(SnapshotText.damaging([2, 5], try directory.layout()))
    try Vault.repair(configuration)
    let ids = try ids()
    #expect(ids == text.ids(without: [2, 3, 4, 5]), "there is no quote in between")
  }

  @Test(arguments: RecordFormat.allCases)
  func whatStandsInAValueIsNeverTakenForARecord(_ format: RecordFormat) throws {
    // As many values as there are columns, with an access token and a revision.
    let row = "\r\n777,evil,,,,evil,,,,,,,,1,,,"
    let line = "\n" + #"{"id":"777","user_name":"evil","access_token":"evil","revision":1}"#
    let more = String(repeating: row + line, count: 700)
    let vault = try Vault.create(configuration, format: format)
    var tokens: [OAuthToken] = []
    for index in 1...3 {
      var token = OAuthToken()
      token.userName = index == 2 ? "u\(more)" : "u\(index)"
      token.accessToken = Secret(String(repeating: "t", count: 20_000))
      tokens.append(token)
    }
    try vault.save(tokens)
    let text = try SnapshotText(vault)
    let layout = try directory.layout()
    for first in 0..<text.chunks {
      for second in first..<text.chunks {
        try put(SnapshotText.damaging([first, second], layout))
        guard (try? Vault.repair(configuration, policy: RetentionPolicy())) != nil else { continue }
        let left = try ids()
        #expect(Set(left).isSubset(of: text.ids(without: [first, second])), "\(first), \(second)")
        #expect(!left.contains("777"))
      }
    }
  }

  @Test func theNamesOfUnknownFieldsThatAreLostWithTheHeaderRowAreNamed() throws {
    let vault = try Vault.create(configuration, format: .csv)
    try vault.save(
      (1...900).map { index in
        try token(#"{"user_name":"u\#(index)","access_token":"a","x":"1","y":"\#(index)"}"#)
      })
    let layout = try directory.layout()
    try put(SnapshotText.damaging([0], layout))
    let report = try Vault.repair(configuration, policy: RetentionPolicy())
    #expect(report.areNamesLost && report.tokens > 300)
    let last = try #require(try Vault(configuration).findToken(id: "900"))
    #expect(last.userName == "u900" && last.accessToken == "a" && last.revision == 1)
    #expect(last.attributes["lost-1"] == .text("1") && last.attributes["lost-2"] == .text("900"))
  }

  @Test(arguments: RecordFormat.allCases)
  func aLastChunkWithoutAWholeRecordIsNoObstacle(_ format: RecordFormat) throws {
    // Small before the long record, so that the save replaces it.
    _ = try makeVault(format, 250)
    let long = String(repeating: "t", count: 2 * SnapshotText.chunk)
    let vault = try Vault(configuration)
    try vault.save(token(#"{"user_name":"long","access_token":"\#(long)"}"#))
    let text = try SnapshotText(vault)
    try put(SnapshotText.damaging([text.chunks - 2], try directory.layout()))
    try Vault.repair(configuration)
    #expect(try ids() == text.ids(without: [text.chunks - 2]))
  }

  // MARK: Ids

  @Test(arguments: RecordFormat.allCases)
  func anIdThatMayHaveBeenGivenIsNotGivenAgain(_ format: RecordFormat) throws {
    let text = try makeVault(format)
    let layout = try directory.layout()
    try put(SnapshotText.damaging([0], layout))
    try Vault.repair(configuration, policy: RetentionPolicy())
    let id = try Vault(configuration).save(smallToken("new")).token.id
    #expect(id == "\(text.tokens.count + 1 + 1_000_000)")
    // The next id stands before the records, and is not lost with another chunk.
    try put(SnapshotText.damaging([text.chunks - 1], layout))
    try Vault.repair(configuration)
    #expect(try Vault(configuration).save(smallToken("new")).token.id == "\(text.tokens.count + 1)")
  }

  @Test func aSoundSaveTellsTheNextIdAndALostOneMayHaveHadMore() throws {
    let text = try makeVault(.json)
    let vault = try Vault(configuration)
    for user in ["a", "b"] { try vault.save(smallToken(user)) }
    let layout = try directory.layout()
    var bytes = SnapshotText.damaging([0], layout)
    try put(bytes)
    let report = try Vault.repair(configuration, policy: RetentionPolicy())
    #expect(report.soundSaves == 2 && report.tokens - report.tokensFromSnapshot == 2)
    let next = text.tokens.count + 3
    #expect(try Vault(configuration).save(smallToken("new")).token.id == "\(next)")
    bytes = layout.bytes
    bytes[layout.commits[0].upperBound - 1] ^= 1
    try put(bytes)
    #expect(try Vault.repair(configuration).lostSaves == 1)
    #expect(try Vault(configuration).save(smallToken("new")).token.id == "\(next + 1_000_000)")
  }
}
