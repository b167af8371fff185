import Foundation
import Testing

@testable import TokenVault

/// Repairs of vaults whose snapshot is damaged, or what stands before it.
@Suite struct SnapshotRepairTests {
  let directory: TemporaryDirectory
  private let name = "tokens.vault"

  init() throws { directory = try TemporaryDirectory() }

  private var path: String { directory.file(name) }
  private var configuration: VaultConfiguration { directory.configuration() }

  /// A vault of so many records; every user's name has `more` in it.
  private func makeVault(
    _ format: RecordFormat, _ count: Int = 600, more: String = #" "q", "#,
    limits: RetentionPolicy = RetentionPolicy()
  ) throws -> SnapshotText {
    let vault = try Vault.create(configuration, format: format)
    try vault.setPolicy(limits)
    var tokens: [OAuthToken] = []
    for index in 1...count {
      var token = OAuthToken()
      token.userName = "u\(index)\(more)"
      token.accessToken = Secret(String(repeating: "t", count: 100 + index % 7))
      tokens.append(token)
    }
    try vault.save(tokens)
    return try SnapshotText(vault)
  }

  private var limits: RetentionPolicy {
    var limits = RetentionPolicy()
    limits.idle = .seconds(86_400)
    return limits
  }

  private func ids() throws -> [String] {
    try Vault(configuration).allTokens().compactMap(\.id)
  }

  /// Puts a damaged vault there, as if nothing had been there before.
  private func put(_ bytes: [UInt8]) throws {
    for name in try directory.names where name.hasPrefix("\(self.name).") && !name.hasSuffix("key")
    {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
    try directory.forgetGenerations()
    try directory.write(bytes, to: name)
  }

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
    bytes[bytes.count - 1] ^= 1
    try put(bytes)
    #expect(try Vault.repair(configuration).lostSaves == 1)
    #expect(try Vault(configuration).save(smallToken("new")).token.id == "\(next - 1 + 1_000_000)")
  }

  // MARK: What stands before the chunks

  @Test(arguments: RecordFormat.allCases, [3, 600])
  func aChangedByteBeforeTheFirstChunkCostsNothing(_ format: RecordFormat, _ count: Int) throws {
    let text = try makeVault(format, count)
    if count > 500 { for user in ["a", "b"] { try Vault(configuration).save(smallToken(user)) } }
    let layout = try directory.layout()
    let all = try Vault(configuration).allTokens()
    let start = layout.headerEnd + 8
    let ends = [layout.headerEnd - 70, layout.headerEnd - 69, layout.headerEnd - 30]
    for place in [0, 11, 12, 40, 500] + ends + Array(layout.headerEnd - 1..<start + 3) + [
      start + 23, start + 24, start + 55,
    ] {
      let bytes = RepairTests.changing(layout.bytes, at: place)
      try put(bytes)
      let report = try Vault.repair(configuration)
      #expect(report.isSnapshotDamaged && report.lostChunks == 0 && report.lostBytes == 0)
      #expect(report.snapshotChunks == text.chunks && report.lostSaves == 0, "byte \(place)")
      #expect(try Vault(configuration).allTokens() == all, "byte \(place)")
      #expect(try directory.bytes("tokens.vault.damaged") == bytes)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aLengthAndTheLastChunkOrTheFirstSaveThatAreDamagedBothCostNoMore(
    _ format: RecordFormat
  ) throws {
    let text = try makeVault(format)
    let vault = try Vault(configuration)
    for user in ["a", "b"] { try vault.save(smallToken(user)) }
    let layout = try directory.layout()
    var bytes = SnapshotText.damaging([text.chunks - 1], layout)
    bytes[layout.headerEnd + 5] ^= 1
    try put(bytes)
    var report = try Vault.repair(configuration)
    #expect(report.soundSaves == 2 && report.lostChunks == 1, "the first save begins where it ends")
    #expect(report.tokensFromSnapshot == text.ids(without: [text.chunks - 1]).count)
    bytes = layout.bytes
    bytes[layout.headerEnd + 6] ^= 1
    bytes[layout.commits[0].lowerBound + 20] ^= 1
    try put(bytes)
    report = try Vault.repair(configuration)
    #expect(report.soundSaves == 1 && report.lostSaves == 1, "its last chunk shows where it ends")
    #expect(report.lostChunks == 0 && report.tokensFromSnapshot == text.tokens.count)
  }

  @Test(arguments: RecordFormat.allCases)
  func whatIsBeforeACutIsSaved(_ format: RecordFormat) throws {
    let text = try makeVault(format)
    let layout = try directory.layout()
    for kept in [1, 3] {
      let end = layout.headerEnd + 8 + 56 + kept * SnapshotText.sealedChunk
      for more in [0, 5000] {
        try put(Array(layout.bytes[..<(end + more)]))
        let report = try Vault.repair(configuration)
        #expect(report.snapshotChunks == text.chunks && report.lostChunks == text.chunks - kept)
        #expect(try ids() == text.ids(without: Set(kept..<text.chunks)))
      }
    }
  }

  // MARK: Nothing to be saved

  @Test func whereNothingOpensThatIsAnErrorAndNothingIsChanged() throws {
    let text = try makeVault(.json, 100)
    let layout = try directory.layout()
    let start = layout.headerEnd + 8
    var twoOfTheSalt = RepairTests.changing(layout.bytes, at: start)
    twoOfTheSalt = RepairTests.changing(twoOfTheSalt, at: start + 8)
    var twoOfTheHeader = RepairTests.changing(layout.bytes, at: 30)
    twoOfTheHeader = RepairTests.changing(twoOfTheHeader, at: 40)
    for bytes in [
      twoOfTheSalt, twoOfTheHeader, SnapshotText.damaging(Set(0..<text.chunks), layout),
      Array(layout.bytes[..<start]), Array(layout.bytes[..<(start - 3)]), [1], [],
    ] {
      try put(bytes)
      #expect {
        try Vault.repair(configuration)
      } throws: {
        guard case .irreparable(path, _) = $0 as? TokenVaultError else { return false }
        return true
      }
      #expect(try directory.bytes(name) == bytes)
      #expect(try !directory.names.contains { $0.hasSuffix(".damaged") || $0.hasSuffix(".new") })
    }
  }

  @Test func aHeaderThatAnotherHasMadeOpensNothing() throws {
    _ = try makeVault(.json, 100)
    let layout = try directory.layout()
    var header = try VaultHeader.decode(layout.bytes.span).header
    header.generation += 1000
    try put(try header.encode() + layout.bytes[layout.headerEnd...])
    #expect {
      try Vault.repair(configuration)
    } throws: {
      guard case .irreparable = $0 as? TokenVaultError else { return false }
      return true
    }
  }
}
