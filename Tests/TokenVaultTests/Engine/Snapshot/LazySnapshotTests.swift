import Synchronization
import Testing

@testable import TokenRecords
@testable import TokenVault

/// A large vault whose records were not decoded yet.
@Suite struct LazySnapshotTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Its records are not decoded, as those of every large vault that was just read.
  @Test func usesThatArePendingAreNotForgottenWhereAFewLookUpsDecodeTheRecords() throws {
    let clock = SettableClock()
    let vault = try directory.largeVault(directory.configuration(clock))
    clock.advance(seconds: 3601)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    let other = try Vault(directory.configuration(clock))
    try other.save(smallToken("new"))
    try other.compact()
    let inode = try directory.inode()
    for _ in 1...6 { #expect(try vault.findWithoutUse(TokenQuery(id: "3")) != nil) }
    #expect(vault.writeUses())
    #expect(
      try Vault(directory.configuration(clock)).findWithoutUse(TokenQuery(id: "2"))?.history
        .lastUsedAt
        == clock.now)
    #expect(try directory.inode() == inode, "a use is appended")
  }

  @Test func usesThatArePendingAreNotForgottenWhenOthersAppend() throws {
    let clock = SettableClock()
    let vault = try directory.largeVault(directory.configuration(clock))
    clock.advance(seconds: 3601)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    try Vault(directory.configuration(clock)).save(smallToken("new"))
    #expect(try vault.allTokens().count == 5)
    #expect(vault.writeUses())
    let used = try Vault(directory.configuration(clock)).findWithoutUse(TokenQuery(id: "2"))
    #expect(used?.history.lastUsedAt == clock.now)
  }

  // MARK: What is found

  /// Users with several clients and with none, and texts that look like others.
  private static func records() -> [OAuthToken] {
    (1...400).map { number in
      var record = OAuthToken()
      let group = number / 4
      if number % 7 > 0 { record.userName = group % 9 == 0 ? texts[group % 8] : "user\(group)" }
      if number % 4 > 0 { record.clientID = "client\(number % 4)" }
      record[.refreshToken] = "refresh\(number % 150)"
      record[.accessToken] = number % 50 == 0 ? texts[number % 8] : "access\(number)"
      if number % 5 == 0 { record[.grantToken] = "grant\(number % 40)" }
      record[.scope] = "user\(group),\"id\":\"7\"" + String(repeating: "s", count: 150)
      record.attributes["nested"] = .json(Secret(#"{"user_name":"user3","id":"9"}"#))
      return record
    }
  }

  private static let texts = ["é", "e\u{301}", "a,b", "\"", "x\r\ny", "\\", "user1", "東京"]

  /// What later saves have changed.
  private static func saves() throws -> [[OAuthToken]] {
    try [
      [#"{"id":"7","user_name":"user50"}"#, #"{"id":"14","user_name":"new user"}"#],
      [#"{"id":"20","user_name":""}"#, #"{"id":"21","refresh_token":"refresh22"}"#],
      [#"{"id":"22","refresh_token":"new refresh","access_token":"access23"}"#],
      [#"{"user_name":"user60","client_id":"client9","access_token":"1"}"#],
      [#"{"user_name":"e\u0301","client_id":"client9","access_token":"access1"}"#],
      [#"{"user_name":"new user","client_id":"client1","access_token":"2"}"#],
      [#"{"id":"named","user_name":"user70","access_token":"3","grant_token":"grant5"}"#],
      [#"{"id":"14","access_token":"newest"}"#, #"{"id":"30","client_id":""}"#],
    ].map { try $0.map { try token($0) } }
  }

  private func makeVault(_ format: RecordFormat) throws -> Vault {
    let vault = try Vault.create(directory.configuration(), format: format)
    // Records that match others would be updates.
    var records = Self.records()
    for index in records.indices { records[index].id = "\(index + 1)" }
    try vault.save(records)
    #expect(try vault.allTokens().count == 400)
    for save in try Self.saves() { try vault.save(save) }
    #expect(try directory.layout().commits.count == 8)
    return vault
  }

  /// By everything that any record has or had, and by what none has.
  private static func queries(_ tokens: [OAuthToken]) -> [TokenQuery] {
    func partial(_ field: TokenField, _ text: String?, _ client: String? = nil) -> TokenQuery {
      var partial = OAuthToken()
      partial[field] = text
      partial.clientID = client
      return TokenQuery(matching: partial)
    }
    let gone = OAuthToken()
    return (tokens + records() + [gone]).enumerated().flatMap { index, token in
      let user = token.userName ?? "nobody \(index)"
      let queries = [
        TokenQuery(id: token.id ?? "none \(index)"), TokenQuery(userName: user),
        TokenQuery(userName: user, clientID: token.clientID),
        TokenQuery(userName: user, clientID: "client9"),
        partial(.refreshToken, token[.refreshToken]), partial(.accessToken, token[.accessToken]),
        partial(.grantToken, token[.grantToken]),
        partial(.refreshToken, token[.refreshToken], "client2"),
        partial(.accessToken, "no such token"),
      ]
      return index % 3 == 0 || index > 390 ? queries : [queries[index % queries.count]]
    }
  }

  private func records(_ vault: Vault) -> StoredRecords {
    vault.session.mutex.withLock { $0.records }
  }

  @Test(arguments: RecordFormat.allCases)
  func eachLookUpGivesWhatItGivesAfterDecoding(_ format: RecordFormat) throws {
    let tokens = try makeVault(format).allTokens()
    let fresh = records(try Vault(directory.configuration()))
    #expect(!fresh.isDecoded)
    var decoded = fresh
    try decoded.decode()
    #expect(decoded.isDecoded && Array(decoded.table.tokens) == tokens)
    var (found, missed, unclear, several) = (0, 0, 0, 0)
    for query in Self.queries(tokens) {
      var records = fresh
      let match = try records.find(query)
      let expectedMatch = try decoded.find(query)
      let (token, expected) = (match.token, expectedMatch.token)
      #expect(match == expectedMatch)
      if case .severalClients = match { several += 1 }
      #expect(token == expected && token?.history == expected?.history)
      #expect(token?.revision == expected?.revision)
      if records.isDecoded { unclear += 1 } else if token == nil { missed += 1 } else { found += 1 }
    }
    #expect(found > 300 && missed > 100 && several > 100)
    #expect(unclear < found / 10, "only those of users with very many clients")
  }

  @Test(arguments: RecordFormat.allCases)
  func aLookUpOnAFreshStoreDecodesNothing(_ format: RecordFormat) throws {
    let vault = try makeVault(format)
    var (access, refresh) = (OAuthToken(), OAuthToken())
    access[.accessToken] = "access7"
    refresh[.refreshToken] = "new refresh"
    let queries: [(query: TokenQuery, isThere: Bool)] = [
      (TokenQuery(id: "300"), true), (TokenQuery(id: "14"), true), (TokenQuery(id: "named"), true),
      (TokenQuery(userName: "user61", clientID: "client2"), true),
      (TokenQuery(userName: "user70", clientID: "client1"), true),
      (TokenQuery(userName: "user61", clientID: "client1"), true),
      (TokenQuery(userName: "user61", clientID: "client9"), true),
      (TokenQuery(matching: access), true), (TokenQuery(matching: refresh), true),
      (TokenQuery(id: "405"), false), (TokenQuery(userName: "nobody"), false),
      (TokenQuery(id: ""), false),
    ]
    for (query, isThere) in queries {
      let fresh = try Vault(directory.configuration())
      let found = try fresh.findToken(matching: query)
      #expect((found != nil) == isThere, "\(query)")
      #expect(!records(fresh).isDecoded, "\(query)")
      #expect(try found == vault.findToken(matching: query), "\(query)")
    }
    let fresh = try Vault(directory.configuration())
    #expect {
      try fresh.findToken(matching: TokenQuery(userName: "user61"))
    } throws: {
      guard case TokenVaultError.severalClients = $0 else { return false }
      return true
    }
    #expect(!records(fresh).isDecoded)
  }

  @Test(arguments: RecordFormat.allCases)
  func soManyLookUpsAsTheSnapshotHasChunksDecodeItAndNoFewer(_ format: RecordFormat) throws {
    let vault = try makeVault(format)
    let fresh = try Vault(directory.configuration())
    let chunks = try directory.layout().snapshotSize / SnapshotText.sealedChunk
    #expect(chunks > 6)
    // Each opens two chunks: one for the key, one for the record.
    for number in 1...chunks + 16 {
      let token = try fresh.findToken(id: "\(number * 3)")
      #expect(try token == vault.findToken(id: "\(number * 3)") && token != nil)
      let isDecoded = records(fresh).isDecoded
      if number < max(8, chunks / 2) { #expect(!isDecoded, "look-up \(number)") }
      if number > max(8, chunks / 2) { #expect(isDecoded, "look-up \(number)") }
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func whatAnotherStoreAppendsIsFoundWithoutDecoding(_ format: RecordFormat) throws {
    let other = try makeVault(format)
    let vault = try Vault(directory.configuration())
    #expect(try vault.findToken(id: "new") == nil)
    try other.save(token(#"{"id":"new","user_name":"latest","access_token":"1"}"#))
    try other.save(token(#"{"id":"300","access_token":"latest"}"#))
    #expect(try vault.findToken(matching: TokenQuery(userName: "latest"))?.id == "new")
    #expect(try vault.findToken(id: "300")?[.accessToken] == "latest")
    #expect(!records(vault).isDecoded)
    #expect(try vault.allTokens() == other.allTokens())
    #expect(records(vault).isDecoded)
  }

  @Test(arguments: RecordFormat.allCases)
  func whatALimitHasEndedIsNotHandedOutBeforeDecodingEither(_ format: RecordFormat) throws {
    let clock = SettableClock()
    let configuration = directory.configuration(clock)
    let made = try directory.largeVault(configuration, format: format)
    var policy = RetentionPolicy()
    policy.maxAge = .seconds(1000)
    try made.setPolicy(policy)
    clock.advance(seconds: 900)
    try made.save(smallToken("young"))
    clock.advance(seconds: 200)
    // Ended by now, and begun anew.
    try made.save(smallToken("b", "again"))
    #expect(try directory.layout().commits.count == 2)
    for isDecoded in [false, true] {
      let vault = try Vault(configuration)
      if isDecoded { #expect(try vault.allTokens().count == 5) }
      #expect(try vault.findToken(id: "1") == nil)
      #expect {
        _ = try vault.requireToken(matching: TokenQuery(userName: "a"))
      } throws: {
        guard case .ended(let record) = $0 as? TokenVaultError else { return false }
        return record.id == "1" && record.limit == .maxAge
      }
      #expect(try vault.findToken(id: "2")?[.accessToken] == "again")
      #expect(try vault.findToken(matching: TokenQuery(userName: "young"))?.id == "5")
      #expect(records(vault).isDecoded == isDecoded)
      #expect(try vault.findWithoutUse(TokenQuery(id: "1")) != nil, "it is there")
    }
  }
}

extension TokenMatch: Equatable {
  static func == (left: TokenMatch, right: TokenMatch) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.record(let one, let count), .record(let other, let others)):
      one == other && count == others
    case (.severalClients(let some), .severalClients(let others)): some == others
    default: false
    }
  }
}
