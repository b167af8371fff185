import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// One record of a large vault, found by its index.
@Suite struct SnapshotIndexTests: IndexSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A query for a record by each kind of key.
  private static func queries(for token: OAuthToken) -> [TokenQuery] {
    func partial(_ field: TokenField) -> TokenQuery? {
      guard token.has(field) else { return nil }
      var partial = OAuthToken()
      partial[field] = token[field]
      return TokenQuery(matching: partial)
    }
    return [
      TokenQuery(id: token.id ?? ""),
      TokenQuery(userName: token.userName ?? "", clientID: token.clientID),
    ] + [.grantToken, .refreshToken, .accessToken].compactMap(partial)
  }

  @Test(arguments: RecordFormat.allCases)
  func aRecordIsFoundByEachKeyInItsOwnChunksAloneAndCheckSeesTheDamageElsewhere(
    _ format: RecordFormat
  ) throws {
    let text = try makeVault(format)
    let layout = try directory.layout()
    #expect(layout.indexEnd - layout.snapshotEnd > 2 * MessageLayout.sealedChunkSize)
    for place in [0, 14, 554, 897, 1198] {
      let token = text.tokens[place]
      for query in Self.queries(for: token) {
        try write(layout.bytes)
        let expected = try Vault(configuration).findToken(matching: query)
        let index = try chunks(for: query)
        // The first chunk has what is before the records; a user may have several.
        let places = text.tokens.indices.filter { other in
          query.key.map { text.tokens[other].has($0.text, in: $0.field) } ?? false
        }
        #expect(places.contains(place) && places.count <= 3)
        let chunks = places.reduce(into: Set([0])) { $0.formUnion(text.chunks(ofRecord: $1)) }
        try write(layout.damaging(snapshotBut: chunks, indexBut: index))
        let vault = try Vault(configuration)
        let found = try vault.findToken(matching: query)
        #expect(found != nil && found == expected, "\(place) by \(query.key?.field.name ?? "")")
        #expect(found == token || query.key?.field == .userName)
        #expect(!isDecoded(vault))
        #expect(throws: TokenVaultError.self) { try vault.check() }
        #expect(throws: TokenVaultError.self) { try vault.allTokens() }
      }
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func thatNothingIsThereIsProvedByTheChunksWhereItWouldBe(_ format: RecordFormat) throws {
    try makeVault(format)
    let layout = try directory.layout()
    var (access, pair) = (OAuthToken(), TokenQuery(userName: "user3", clientID: "none"))
    access[.accessToken] = "no such token"
    for query in [
      TokenQuery(id: "1201"), TokenQuery(userName: "nobody"), TokenQuery(matching: access),
    ] {
      try write(layout.bytes)
      try write(layout.damaging(snapshotBut: [0], indexBut: chunks(for: query)))
      let vault = try Vault(configuration)
      #expect(try vault.findToken(matching: query) == nil)
      #expect(!isDecoded(vault))
    }
    pair = TokenQuery(userName: "user3", clientID: "client9")
    try write(layout.bytes)
    let expected = try Vault(configuration).findToken(matching: pair)
    #expect(expected?.clientID == nil)
  }

  @Test(arguments: RecordFormat.allCases)
  func aDamagedChunkOfTheLookupIsDamageAndNeverNothing(_ format: RecordFormat) throws {
    let text = try makeVault(format)
    let layout = try directory.layout()
    // Whose entry is not in the first chunk.
    let place = try (600..<700).first { try chunks(for: TokenQuery(id: "\($0)")).contains(2) } ?? 0
    let query = TokenQuery(id: "\(place)")
    let own = text.chunks(ofRecord: place - 1)
    let index = try chunks(for: query)
    let withoutRecord: (Set<Int>, Set<Int>) = (Set([0]).subtracting(own), index)
    let withoutEntry: (Set<Int>, Set<Int>) = (own.union([0]), [0])
    for (snapshot, kept) in [withoutRecord, withoutEntry] {
      try write(layout.damaging(snapshotBut: snapshot, indexBut: kept))
      let vault = try Vault(configuration)
      #expect {
        try vault.findToken(matching: query)
      } throws: {
        guard case .damaged = $0 as? TokenVaultError else { return false }
        return true
      }
    }
    // The first chunk of either tells how long both are.
    let withoutStart: (Set<Int>, Set<Int>) = (own, index)
    let withoutHead: (Set<Int>, Set<Int>) = (own.union([0]), [])
    for (snapshot, kept) in [withoutStart, withoutHead] {
      try write(layout.damaging(snapshotBut: snapshot, indexBut: kept))
      #expect(throws: TokenVaultError.self) { try Vault(configuration) }
    }
  }

  @Test func aKeyWhoseHashIsThatOfAnotherFindsNothing() throws {
    let text = try makeVault(.json)
    let (_, hash) = try index()
    var hashes: Set<UInt32> = []
    for token in text.tokens {
      token.forEachSearchKey { hashes.insert(hash.value($0, $1, client: $2)) }
    }
    // About one text in a million collides with one of five thousand hashes.
    let collision = (0..<30_000_000).lazy.map { "x\($0)" }.first {
      hashes.contains(hash.value(of: SearchKey(.id, $0)))
    }
    let vault = try Vault(configuration)
    #expect(try vault.findToken(id: #require(collision)) == nil)
    #expect(!isDecoded(vault))
  }

  @Test(arguments: RecordFormat.allCases)
  func recordsOfSeveralClientsAreSeenAsSuchWithoutDecodingTheOthers(_ format: RecordFormat) throws {
    try makeVault(format)
    let whole = try Vault(configuration)
    #expect(try whole.allTokens().count == 1200)
    for user in ["user2", "user100", "user399"] {
      let vault = try Vault(configuration)
      let query = TokenQuery(userName: user)
      var errors: [TokenVaultError] = []
      for vault in [vault, whole] {
        do { _ = try vault.findToken(matching: query) } catch { errors.append(error) }
      }
      #expect(errors.count == 2 && errors.first == errors.last, "\(user)")
      #expect(!isDecoded(vault))
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aRotationWritesTheIndexAnew(_ format: RecordFormat) throws {
    let text = try makeVault(format)
    let before = try directory.layout()
    try Vault(configuration).rotate()
    let after = try directory.layout()
    #expect(after.snapshotSize == before.snapshotSize)
    #expect(after.indexEnd - after.snapshotEnd == before.indexEnd - before.snapshotEnd)
    #expect(try Vault.check(configuration).tokens == 1200, "check compares every key")
    let vault = try Vault(configuration)
    #expect(try vault.findToken(id: "700") == text.tokens[699] && !isDecoded(vault))
  }

  @Test func recordsBehindAHeaderRowOfManyChunksAreFound() throws {
    let vault = try Vault.create(configuration, format: .csv)
    let tokens = try (1...300).map { number in
      var token = try smallToken("user\(number)", "access\(number)")
      for column in 0..<3 {
        token.attributes["\(number * 3 + column)" + String(repeating: "n", count: 100)] = .text("v")
      }
      return token
    }
    try vault.importTokens(tokens)
    let fresh = try Vault(configuration)
    for number in [1, 17, 300] {
      let found = try fresh.findToken(matching: TokenQuery(userName: "user\(number)"))
      #expect(found?[.accessToken] == "access\(number)" && found?.attributes.count == 3)
    }
    #expect(!isDecoded(fresh))
  }

  @Test func aRecordOfManyChunksIsFound() throws {
    let vault = try Vault.create(configuration)
    let long = String(repeating: "yé", count: 100_000)
    try vault.importTokens([smallToken("a", "1"), smallToken("long", long), smallToken("z", "2")])
    let fresh = try Vault(configuration)
    #expect(try fresh.findToken(matching: TokenQuery(userName: "long"))?[.accessToken] == long)
    #expect(try fresh.findToken(matching: TokenQuery(userName: "z"))?[.accessToken] == "2")
    #expect(!isDecoded(fresh))
  }
}
