import Testing

@testable import TokenVault

/// Repairs of vaults in which what is before the chunks is damaged, or nothing opens.
@Suite struct SnapshotStartRepairTests: SnapshotRepairSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: RecordFormat.allCases, [3, 600])
  func aChangedByteBeforeTheFirstChunkCostsNothing(_ format: RecordFormat, _ count: Int) throws {
    let text = try makeVault(format, count)
    if count > 500 { for user in ["a", "b"] { try Vault(configuration).save(smallToken(user)) } }
    let layout = try directory.layout()
    let all = try Vault(configuration).allTokens()
    let start = layout.snapshotStart
    let ends = [layout.headerEnd - 70, layout.headerEnd - 69, layout.headerEnd - 30]
    let places =
      [0, 11, 12, 40, 500] + ends + Array(layout.headerEnd - 1..<start + 3) + [
        start + 23, start + 24, start + 55,
      ]
    for place in places.sampled(each: 3) {
      let bytes = RepairTests.changing(layout.bytes, at: place)
      try put(bytes)
      let report = try Vault.repair(configuration)
      // The second length is that of the index.
      #expect(report.isSnapshotDamaged || report.isIndexDamaged, "byte \(place)")
      #expect(report.isIndexDamaged == false || (start - 8..<start).contains(place))
      #expect(report.lostChunks == 0 && report.lostBytes == 0 && report.lostSaves == 0)
      #expect(report.snapshotChunks == (report.isSnapshotDamaged ? text.chunks : 0))
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
      let end = layout.snapshotStart + 56 + kept * SnapshotText.sealedChunk
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
    let start = layout.snapshotStart
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
