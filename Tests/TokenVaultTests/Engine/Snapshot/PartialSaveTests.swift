import Synchronization
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Saves to a large vault whose records are not decoded: they read those that they need, by the index.
@Suite struct PartialSaveTests: IndexSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Saves as programs make them: by every kind of key, of old, new and changed records, some refused.
  private static func saves() throws -> [[OAuthToken]] {
    let lines = [
      #"{"id":"7","access_token":"changed"}"#,
      #"{"user_name":"user9","client_id":"client1","scope":"s"}"#,
      #"{"user_name":"new","access_token":"1"}"#, #"{"user_name":"new","access_token":"2"}"#,
      #"{"refresh_token":"refresh44","access_token":"3"}"#,
      #"{"grant_token":"grant55","scope":""}"#,
      #"{"id":"named","user_name":"n","access_token":"4"}"#, #"{"id":"1500","access_token":"5"}"#,
      #"{"user_name":"later","access_token":"6"}"#, #"{"id":"7","user_name":"other"}"#,
      #"{"user_name":"user5","access_token":"7"}"#, #"{"user_name":"nobody"}"#,
      #"{"id":"12","access_token":"changed","x":"1","y":[1]}"#,
      #"{"id":"7","access_token":"changed"}"#,
      #"{"user_name":"user200","client_id":"client9","access_token":"8"}"#,
      #"{"user_name":"user200","client_id":"client9","access_token":"9"}"#,
      #"{"id":"601","user_name":"","access_token":"10"}"#,
      #"{"access_token":"10","scope":"found"}"#,
    ]
    let together = [
      [#"{"id":"20","user_name":"moved"}"#, #"{"id":"20","scope":"twice"}"#],
      [
        #"{"user_name":"two","access_token":"1"}"#, #"{"user_name":"two","scope":"same"}"#,
        #"{"user_name":"three","access_token":"1"}"#,
      ],
      [#"{"id":"8","scope":"kept"}"#, #"{"user_name":"nobody"}"#],
    ]
    return try lines.map { [try token($0)] } + together.map { try $0.map { try token($0) } }
  }

  private func results(
    _ vault: Vault, _ tokens: [OAuthToken]
  ) -> Result<[SaveOutcome], TokenVaultError> {
    Result { () throws(TokenVaultError) in try vault.save(tokens) }
  }

  @Test(arguments: RecordFormat.allCases)
  func aSaveHasTheOutcomeThatItHasOnAllRecords(_ format: RecordFormat) throws {
    let clock = SettableClock()
    let configuration = directory.configuration(clock)
    try makeVault(format, 1200, configuration)
    let other = try TemporaryDirectory()
    for name in ["tokens.vault", "tokens.vault.key"] {
      try other.write(directory.bytes(name), to: name)
    }
    var whole = other.configuration(clock)
    whole.decodesAtOnce = true
    var (changed, refused) = (0, 0)
    for save in try Self.saves() {
      let vault = try Vault(configuration)
      let result = results(vault, save)
      #expect(result == results(try Vault(whole), save), "\(save.map(\.id))")
      if case .failure = result { refused += 1 } else { changed += 1 }
      #expect(!isDecoded(vault))
      // The store itself goes on with what it has saved.
      if let saved = (try? result.get())?.last?.token {
        #expect(try vault.findWithoutUse(TokenQuery(id: saved.id ?? "")) == saved)
      }
      clock.advance(seconds: 1)
    }
    #expect(changed > 15 && refused >= 3)
    #expect(try directory.layout().commits.count > 10)
    let (tokens, expected) = (try Vault(configuration).allTokens(), try Vault(whole).allTokens())
    #expect(tokens == expected && tokens.map(\.history) == expected.map(\.history))
    #expect(tokens.map(\.revision) == expected.map(\.revision))
    #expect(
      try Vault(configuration).save(smallToken("last")).token.id
        == Vault(whole).save(smallToken("last")).token.id)
  }

  @Test(arguments: RecordFormat.allCases)
  func aSaveReadsOnlyTheChunksOfItsRecords(_ format: RecordFormat) throws {
    let text = try makeVault(format)
    let layout = try directory.layout()
    let queries = [TokenQuery(id: "700"), TokenQuery(id: "1201")]
    let index = try queries.reduce(into: Set<Int>()) { try $0.formUnion(chunks(for: $1)) }
    let damaged = layout.damaging(
      snapshotBut: text.chunks(ofRecord: 699).union([0]), indexBut: index)
    try write(damaged)
    let saved = try Vault(configuration).save(token(#"{"id":"700","access_token":"new"}"#))
    #expect(saved.change == .updated && saved.token.revision == 2)
    let entry = try directory.layout().commit(0)
    #expect(entry.count < 2000)
    #expect(throws: TokenVaultError.self) { try Vault.check(configuration) }
    try write(layout.file(withLog: entry))
    var expected = text.tokens
    expected[699] = saved.token
    #expect(try Vault(configuration).allTokens() == expected)
  }

  @Test func aRefreshReadsOnlyTheChunksOfItsRecord() throws {
    let text = try makeVault(.json)
    let layout = try directory.layout()
    let queries = [TokenQuery(id: "700"), TokenQuery(id: "1201")]
    let index = try queries.reduce(into: Set<Int>()) { try $0.formUnion(chunks(for: $1)) }
    try write(
      layout.damaging(snapshotBut: text.chunks(ofRecord: 699).union([0]), indexBut: index))
    let vault = try Vault(configuration)
    let fresh = try vault.waitForFreshToken(for: TokenQuery(id: "700"), force: true) { _ in
      try RefreshAnswer(Array(#"{"access_token":"fresh","expires_in":3600}"#.utf8).span)
    }
    #expect(fresh.wasRefreshed && fresh.token[.accessToken] == "fresh")
    #expect(try vault.findToken(id: "700")?[.accessToken] == "fresh")
    #expect(try directory.layout().commits.count == 2 && !isDecoded(vault))
  }

  @Test(arguments: RecordFormat.allCases)
  func aSaveThatReplacesTheFileLosesNoneOfTheRecordsThatItDidNotNeed(
    _ format: RecordFormat
  ) throws {
    let text = try makeVault(format)
    try Vault(configuration).save(smallToken("first"))
    // The log would be larger than the snapshot.
    let large = String(repeating: "l", count: 900_000)
    let vault = try Vault(configuration)
    let saved = try vault.save(smallToken("large", large)).token
    #expect(try directory.layout().commits.isEmpty && !isDecoded(vault))
    // The store itself goes on behind it.
    #expect(try vault.findWithoutUse(TokenQuery(id: saved.id ?? "")) == saved)
    #expect(try vault.status().generation == 4)
    let tokens = try Vault(configuration).allTokens()
    #expect(tokens.dropLast(2) == text.tokens[...] && tokens.last == saved)
    #expect(try Vault.check(configuration).tokens == 1202)
    let open = try Vault(configuration)
    for number in 1...3 { try open.save(token(#"{"id":"\#(number)","access_token":"new"}"#)) }
    #expect(try directory.layout().commits.count == 3 && open.status().generation == 7)
  }

  /// The bytes of a write that was not finished are not written over.
  @Test(arguments: RecordFormat.allCases)
  func aSaveBehindAnUnfinishedOneReplacesTheFileWithoutDecodingTheOthers(
    _ format: RecordFormat
  ) throws {
    let text = try makeVault(format)
    try Vault(configuration).save(token(#"{"id":"7","access_token":"logged"}"#))
    var layout = try directory.layout()
    try write(layout.file(withLog: layout.commit(0) + [UInt8](repeating: 0xA5, count: 100)))
    let vault = try Vault(configuration)
    try vault.save(token(#"{"id":"9","access_token":"saved","more":"a new column"}"#))
    #expect(!isDecoded(vault))
    layout = try directory.layout()
    #expect(layout.commits.isEmpty)
    var expected = text.tokens
    expected[6].accessToken = "logged"
    expected[8].accessToken = "saved"
    expected[8].attributes["more"] = .text("a new column")
    for place in [6, 8] { expected[place].revision = 2 }
    #expect(try Vault(configuration).allTokens() == expected)
    #expect(try Vault.check(configuration).tokens == 1200)
  }

  @Test func aStoreThatSavesAgainAndAgainDecodesTheRecords() throws {
    try makeVault(.json)
    let vault = try Vault(configuration)
    for number in 1...12 { try vault.save(smallToken("user \(number)")) }
    #expect(isDecoded(vault))
    #expect(try vault.allTokens().count == 1212)
  }

  @Test(arguments: RecordFormat.allCases)
  func aUseIsWrittenWithoutDecodingTheOthers(_ format: RecordFormat) throws {
    let clock = SettableClock()
    try makeVault(format, 1200, directory.configuration(clock))
    clock.advance(seconds: 4000)
    let fresh = try Vault(directory.configuration(clock))
    #expect(try fresh.findToken(id: "500")?.history.lastUsedAt == nil)
    #expect(!isDecoded(fresh) && fresh.session.mutex.withLock(\.uses.isEmpty))
    #expect(try directory.layout().commits.count == 1)
    let again = try Vault(directory.configuration(clock)).findWithoutUse(TokenQuery(id: "500"))
    #expect(again?.history.lastUsedAt == clock.now && again?.revision == 1)
  }

  /// The names of columns that no record has any more count, so that a reader of them alone decides as one of all.
  @Test func aSaveWithMoreUnknownFieldsThanTheColumnsHaveRoomForIsRefused() throws {
    let vault = try Vault.create(configuration, format: .csv)
    var tokens = try (1...400).map {
      try smallToken("user\($0)", String(repeating: "a", count: 200))
    }
    for column in 0..<1020 { tokens[column % 400].attributes["name\(column)"] = .text("v") }
    try vault.save(tokens)
    for (more, isStorable) in [(4, true), (1, false), (0, true)] {
      var token = try smallToken("new\(more)")
      for column in 0..<more { token.attributes["more\(more)-\(column)"] = .text("v") }
      let result = results(try Vault(configuration), [token])
      if isStorable {
        #expect((try? result.get()) != nil)
      } else {
        #expect(result == .failure(.tooManyUnknownFields))
      }
    }
  }
}
