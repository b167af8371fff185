import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Rotations of a vault with a log, which are compactions, too: the records are written as a stream.
@Suite struct LoggedRotationTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A vault of 900 records with odd texts, some of which the entries behind its snapshot change, and add to.
  private func makeVault(
    _ format: RecordFormat, entries: Int = 60, newColumns: Bool = false
  ) throws -> Vault {
    var random = RandomRecords(seed: 71)
    var tokens = random.tokens(900)
    for index in tokens.indices {
      tokens[index].id = "\(index + 1)"
      tokens[index].userName = "user \(index)"
      tokens[index].accessToken = Secret("first \(index) \(String(repeating: "x", count: 300))")
    }
    let vault = try Vault.create(configuration, format: format)
    try vault.save(tokens)
    _ = try vault.changePolicy { $0.idle = .seconds(1_000_000) }
    for number in 1...entries {
      var token = OAuthToken(id: "\(number * 37 % 950 + 1)")
      token.accessToken = Secret("second \(number)")
      token.attributes[newColumns ? "new \(number % 7)" : "x1"] = .text(Secret("v\(number)"))
      try vault.save([token, smallToken("added \(number % 9)", "a\(number)")])
    }
    #expect(try directory.layout().commits.count == entries)
    return vault
  }

  private func expectSame(_ tokens: [OAuthToken], _ expected: [OAuthToken]) {
    #expect(tokens == expected && tokens.map(\.history) == expected.map(\.history))
    #expect(tokens.map(\.revision) == expected.map(\.revision))
  }

  @Test(arguments: RecordFormat.allCases, [false, true])
  func aRotationKeepsEveryRecordWithItsHistoryAndItsPlace(
    _ format: RecordFormat, newColumns: Bool
  ) throws {
    let vault = try makeVault(format, newColumns: newColumns)
    let (before, status) = try (vault.allTokens(), vault.status())
    let dry = try Vault.rotate(configuration, RotationOptions(isDryRun: true))
    let report = try Vault.rotate(configuration)
    #expect(report.tokens == before.count && dry.tokens == before.count)
    #expect(report.generation == status.generation + 1)
    expectSame(try Vault(configuration).allTokens(), before)
    expectSame(try vault.allTokens(), before)
    let after = try Vault.check(configuration)
    #expect(after.policy == status.policy && after.tokens == before.count)
    #expect(try directory.layout().commits.isEmpty)
    for token in before.suffix(12) + before.prefix(100) {
      let found = try Vault(configuration).findWithoutUse(TokenQuery(id: token.id ?? ""))
      #expect(found == token)
    }
    let next = try Vault(configuration).save(smallToken("next")).token
    #expect(try next.id == vault.allTokens().last?.id && !before.contains { $0.id == next.id })
  }

  /// All text that the new data key opens.
  private func text() throws -> String {
    let vault = try Vault(configuration)
    let dataKey = try vault.read { $0.found.dataKey }
    let chunks = try VaultReader(configuration.file()).snapshot(with: dataKey)
    var text: [UInt8] = []
    while try chunks.openNext() { text += chunks.text }
    return String(decoding: text, as: UTF8.self)
  }

  @Test(arguments: RecordFormat.allCases)
  func whatTheLogHasOverwrittenAndWhatWasDeletedIsNotInTheNewFile(_ format: RecordFormat) throws {
    let vault = try makeVault(format)
    try vault.deleteToken(id: "40")
    for text in ["old state", "new state"] {
      try vault.save([OAuthToken(id: "38", text), OAuthToken(id: "39", text)])
    }
    try Vault.rotate(configuration)
    let text = try text()
    for gone in ["old state", "first 37 ", "first 38 ", "first 39 "] {
      #expect(!text.contains(gone), "\(gone)")
    }
    for kept in ["new state", "first 36 ", "first 40 "] {
      #expect(text.contains(kept), "\(kept)")
    }
    #expect(try directory.layout().commits.isEmpty)
    #expect(try !directory.names.contains("tokens.vault.previous"))
  }

  @Test func aDamagedRowOfTheOldSnapshotStopsTheRotation() throws {
    try makeVault(.json).save(smallToken("last"))
    var bytes = try directory.layout().bytes
    bytes[try directory.layout().snapshotEnd - 20_000] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    for rotation in [RotationOptions(isDryRun: true), RotationOptions()] {
      let error = #expect(throws: TokenVaultError.self) {
        try Vault.rotate(configuration, rotation)
      }
      #expect(error?.code == .damaged)
    }
    #expect(try directory.bytes("tokens.vault") == bytes)
    #expect(try directory.names.allSatisfy { !$0.hasSuffix(".new") && !$0.hasSuffix(".staged") })
  }
}

extension OAuthToken {
  fileprivate init(id: String, _ access: String? = nil) {
    self.init()
    self.id = id
    if let access { accessToken = Secret(access) }
  }
}

extension RotationOptions {
  fileprivate init(isDryRun: Bool) {
    self.init()
    self.isDryRun = isDryRun
  }
}
