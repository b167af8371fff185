import Synchronization
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Look-ups in a log of many extents: they open the entries that the summaries name, and find what reading all finds.
@Suite struct SummarizedLogTests: SummarySuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func save(_ history: [[OAuthToken]], to vault: Vault) {
    // A save that several clients' records fit is refused.
    for tokens in history { _ = try? vault.save(tokens) }
  }

  @Test(arguments: RecordFormat.allCases)
  func eachQueryOfARandomHistoryFindsWhatReadingTheWholeLogFinds(_ format: RecordFormat) throws {
    let history = Self.history(150)
    save(history, to: try makeVault(extents: format))
    #expect(try summaries(layout()).count > 8 && layout().commits.count > 100)
    let fresh = records(try Vault(configuration))
    var decoded = fresh
    try decoded.decode()
    let tokens = Array(decoded.table.tokens)
    let image = try VaultReader(try Vault(configuration).session.mutex.withLock { $0.access.file })
    let dataKey = try Vault(configuration).session.mutex.withLock { $0.found.dataKey }
    #expect(try Array(image.table(with: dataKey).table.tokens) == tokens)
    var (found, several) = (0, 0)
    for query in (history.joined() + tokens).flatMap(Self.queries) {
      var records = fresh
      let (match, expected) = (try records.find(query), try decoded.find(query))
      #expect(match == expected && match.token?.history == expected.token?.history)
      #expect(match.token?.revision == expected.token?.revision)
      if match.token != nil { found += 1 }
      if case .severalClients = match { several += 1 }
    }
    #expect(found > 500 && several > 20)
  }

  @Test func oneStoreFindsTheSameFromItsFirstLookUpToTheOneThatOpensAllEntries() throws {
    let history = Self.history(140)
    save(history, to: try makeVault(extents: .json))
    var records = records(try Vault(configuration))
    var decoded = records
    try decoded.decode()
    for token in history.joined() where !records.isDecoded {
      for query in Self.queries(token) {
        let (match, expected) = (try records.find(query), try decoded.find(query))
        #expect(match == expected)
      }
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aRecordIsFoundByItsNewestKeysAloneAndOnceItWasDeletedByNone(_ format: RecordFormat) throws {
    let vault = try makeVault(extents: format)
    func fill() throws { for number in 1...60 { try vault.save(largeToken("fill\(number)")) } }
    let versions = [1, 2, 3].map { number in
      var token = OAuthToken()
      (token.id, token.userName) = ("named", "owner")
      for field in [TokenField.accessToken, .refreshToken, .grantToken] {
        token[field] = "\(field.name) \(number)"
      }
      return token
    }
    for version in versions {
      try vault.save(version)
      try fill()
    }
    #expect(try summaries(layout()).count > 4)
    try expectOnly(versions[2], among: versions)
    try vault.deleteToken(id: "named")
    try fill()
    try expectOnly(nil, among: versions)
    try vault.save(versions[1])
    try fill()
    try expectOnly(versions[1], among: versions)
    #expect(try Vault(configuration).check().tokens == 401 + 60)
  }

  private func largeToken(_ user: String) throws -> OAuthToken {
    try smallToken(user, String(repeating: "y", count: 300))
  }

  /// This version is found by its keys, and by those of other versions nothing.
  private func expectOnly(_ version: OAuthToken?, among all: [OAuthToken]) throws {
    for other in all {
      for field in [TokenField.accessToken, .refreshToken, .grantToken] {
        let fresh = try Vault(configuration)
        let found = try fresh.findToken(matching: Self.query(field, other[field]))
        let isOwn = other[.accessToken] == version?[.accessToken]
        #expect((found != nil) == isOwn && found?[field] == (isOwn ? version?[field] : nil))
        #expect(!isDecoded(fresh))
      }
    }
    for query in [TokenQuery(id: "named"), TokenQuery(userName: "owner")] {
      let found = try Vault(configuration).findToken(matching: query)
      #expect(found?[.accessToken] == version?[.accessToken])
    }
  }

  // MARK: An open store

  @Test(arguments: RecordFormat.allCases)
  func aStoreThatKnowsALogBySummariesCatchesUpSavesAndBeginsExtents(
    _ format: RecordFormat
  ) throws {
    let history = Self.history(140)
    let other = try makeVault(extents: format)
    save(Array(history[..<80]), to: other)
    let vault = try Vault(configuration)
    save(Array(history[80..<120]), to: other)
    for (number, tokens) in history[120...].enumerated() {
      let saver = number % 3 == 0 ? other : vault
      _ = try? saver.save(tokens)
      let id = tokens[0].id ?? ""
      #expect(try vault.findToken(id: id) == other.findToken(id: id))
    }
    #expect(try summaries(layout()).count > 6)
    #expect(try Vault(configuration).allTokens() == other.allTokens())
    #expect(try vault.allTokens() == other.allTokens())
    _ = try Vault(configuration).check()
  }

  @Test(arguments: RecordFormat.allCases)
  func eachSaveOfAStoreOfItsOwnHasTheOutcomeThatItHasOnAllRecords(_ format: RecordFormat) throws {
    let clock = SettableClock()
    try makeVault(extents: format)
    let other = try TemporaryDirectory()
    for name in ["tokens.vault", "tokens.vault.key"] {
      try other.write(directory.bytes(name), to: name)
    }
    var whole = other.configuration(clock)
    whole.decodesAtOnce = true
    for tokens in Self.history(120) {
      func outcome(_ configuration: VaultConfiguration) -> Result<[SaveOutcome], TokenVaultError> {
        Result { () throws(TokenVaultError) in try Vault(configuration).save(tokens) }
      }
      #expect(outcome(directory.configuration(clock)) == outcome(whole))
      clock.advance(seconds: 1)
    }
    #expect(try summaries(layout()).count > 4)
    let (tokens, expected) = (try Vault(configuration).allTokens(), try Vault(whole).allTokens())
    #expect(tokens == expected && tokens.map(\.history) == expected.map(\.history))
    _ = try Vault(configuration).check()
  }
}
