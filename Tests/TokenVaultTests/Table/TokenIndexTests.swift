import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct TokenIndexTests {
  /// What a query means, without any index.
  private func reference(_ query: TokenQuery, _ tokens: [OAuthToken]) -> Int? {
    guard let (field, text) = query.key else { return nil }
    func first(_ isClient: (ExactText?) -> Bool) -> Int? {
      tokens.firstIndex {
        $0[field].map(ExactText.init) == ExactText(text)
          && isClient($0.clientID.map(ExactText.init))
      }
    }
    guard let client = query.clientID.map(ExactText.init) else { return first { _ in true } }
    return first { $0 == client } ?? first { $0 == nil }
  }

  private func randomToken(_ random: inout SeededGenerator) -> OAuthToken {
    var token = OAuthToken()
    func text(_ prefix: String, _ count: Int, oneIn absent: Int) -> String? {
      if Int.random(in: 0..<absent, using: &random) == 0 { return nil }
      let number = Int.random(in: 0..<count, using: &random)
      return number == 0 ? "é" : number == 1 ? "e\u{301}" : "\(prefix)\(number)"
    }
    token.userName = text("user", 30, oneIn: 3)
    token.clientID = text("client", 6, oneIn: 2)
    token[.grantToken] = text("grant", 20, oneIn: 2)
    token[.refreshToken] = text("refresh", 20, oneIn: 2)
    token[.accessToken] = text("access", 20, oneIn: 9)
    return token
  }

  @Test func randomRecordsAreFoundAsAWalkFindsThem() {
    var random = SeededGenerator(state: 11)
    var tokens = CopyOnWriteBlocks<OAuthToken>()
    var index = TokenIndex()
    for step in 0..<3000 {
      var token = randomToken(&random)
      if Int.random(in: 0..<4, using: &random) > 0 || tokens.isEmpty {
        token.id = "\(step)"
        tokens.append(token)
        index.add(token)
      } else {
        let position = Int.random(in: 0..<tokens.count, using: &random)
        token.id = tokens[position].id
        index.replace(tokens[position], with: token, at: position)
        tokens[position] = token
      }
      var query = TokenQuery.ignoringID(randomToken(&random))
      if step % 5 == 0 { query = TokenQuery(id: "\(Int.random(in: 0...step, using: &random))") }
      let expected = reference(query, Array(tokens))
      #expect(index.match(query, in: tokens)?.oldest == expected)
      if step % 100 == 0 { index = TokenIndex() }
    }
  }

  @Test func aClientComesBeforeNoneAndTheOldestBeforeOthers() throws {
    func record(_ client: String?) -> OAuthToken {
      var token = OAuthToken()
      (token.userName, token.clientID) = ("u", client)
      return token
    }
    var index = TokenIndex()
    let tokens = CopyOnWriteBlocks(
      ["c", nil, "a", nil, "b", "a"].map { record($0) } + [OAuthToken()])
    func position(_ client: String?) -> Int? {
      index.match(TokenQuery(userName: "u", clientID: client), in: tokens)?.oldest
    }
    #expect(position(nil) == 0 && position("a") == 2 && position("b") == 4 && position("d") == 1)
    #expect(index.match(TokenQuery(userName: "v"), in: tokens) == nil)
    #expect(index.match(TokenQuery(id: ""), in: tokens) == nil)
  }

  @Test func theFirstRepeatedIDIsFound() {
    func tokens(_ ids: [String?]) -> CopyOnWriteBlocks<OAuthToken> {
      CopyOnWriteBlocks(
        ids.map { id in
          var token = OAuthToken()
          token.id = id
          return token
        })
    }
    var index = TokenIndex()
    let many = (0..<1000).map { String($0) }
    #expect(index.firstRepeatedID(in: tokens(many)) == nil)
    #expect(index.firstRepeatedID(in: tokens(many + ["7", "8"])) == 1000)
    #expect(index.firstRepeatedID(in: tokens([nil, nil, "é", "e\u{301}"])) == nil)
    #expect(index.firstRepeatedID(in: tokens([nil, "é", "é", "é"])) == 2)
  }

  /// A record of client `c<number>`, or of none, that all others share this key with.
  private func sharing(_ key: TokenField, client number: Int?) -> OAuthToken {
    var token = OAuthToken()
    token[key] = "shared"
    token.clientID = number.map { "c\($0)" }
    return token
  }

  @Test(arguments: TokenField.matchingKeys)
  func aKeyMayHaveThousandsOfClientsAndNoRecordOfAnotherOneIsCompared(key: TokenField) {
    var tokens = CopyOnWriteBlocks<OAuthToken>()
    var index = TokenIndex()
    var visits = 0
    func position(_ number: Int?, _ index: inout TokenIndex) -> Int? {
      let query = TokenQuery(matching: sharing(key, client: number))
      return index.match(query, in: tokens) { _ in visits += 1 }?.oldest
    }
    // As an import does: each is looked for, not found, and put at the end.
    for number in 0..<1000 {
      #expect(position(number, &index) == nil)
      tokens.append(sharing(key, client: number))
      index.add(sharing(key, client: number))
    }
    #expect(visits < 100, "none shares a client")
    for number in 0..<1000 { #expect(position(number, &index) == number) }
    #expect(visits < 1100, "each is compared with itself")
    #expect(position(nil, &index) == 0)
    #expect(position(1000, &index) == nil)
    tokens.append(sharing(key, client: nil))
    index.add(sharing(key, client: nil))
    #expect(position(1000, &index) == 1000 && position(7, &index) == 7)
  }

  @Test(arguments: TokenField.matchingKeys)
  func eachOfThousandsOfClientsHasItsOwnRecord(key: TokenField) throws {
    var table = TokenTable()
    for round in 1...2 {
      for number in 0..<1500 {
        var token = sharing(key, client: number)
        token[.redirectURL] = "\(round)"
        if key == .userName { token.accessToken = "a" }
        #expect(try table.save(token, now: moment(0)).token.revision == round)
      }
    }
    #expect(table.tokens.count == 1500)
    guard
      case .severalClients(let all) = table.match(TokenQuery(matching: sharing(key, client: nil)))
    else { return #expect(Bool(false), "no client is named") }
    #expect(all.candidates.compactMap(\.clientID) == ["c0", "c1", "c2", "c3", "c4"])
    #expect(all.more == 1495)
    #expect(table.find(TokenQuery(matching: sharing(key, client: 1499)))?.id == "1500")
  }
}

extension TokenField {
  /// The fields that a record is looked up by, but for its id.
  fileprivate static let matchingKeys: [TokenField] = [
    .userName, .grantToken, .refreshToken, .accessToken,
  ]
}
