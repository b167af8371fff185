import Testing

@testable import TokenRecords
@testable import TokenVault

/// Groups of requests of which some are rejected, against copies of the table that never saw those.
@Suite struct RejectedRequestsTests {
  private var random = SeededGenerator(state: 23)
  private var table = TokenTable()
  private var step: Int64 = 0

  /// A record that may be new, or known by any of its keys; some cannot be saved.
  private mutating func randomToken() -> OAuthToken {
    func text(_ prefix: String, oneIn absent: Int) -> String? {
      if Int.random(in: 0..<absent, using: &random) == 0 { return nil }
      return "\(prefix)\(Int.random(in: 0..<30, using: &random))"
    }
    var token = OAuthToken()
    token.userName = text("user", oneIn: 2)
    token.clientID = text("client", oneIn: 2)
    token[.grantToken] = text("grant", oneIn: 3)
    token[.refreshToken] = text("refresh", oneIn: 2)
    token[.accessToken] = text("access", oneIn: 4)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: token.id = table.tokens.randomElement(using: &random)?.id
    case 1: token.id = "\(Int.random(in: 1...2000, using: &random))"
    case 2: token.id = text("named", oneIn: 2)
    default: break
    }
    return token
  }

  private mutating func randomRequest() -> SaveRequest {
    let count = Int.random(in: 1...4, using: &random)
    var tokens: [OAuthToken] = []
    for _ in 0..<count { tokens.append(randomToken()) }
    if Int.random(in: 0..<3, using: &random) == 0 { tokens.append(OAuthToken()) }
    return SaveRequest(tokens)
  }

  /// All that can be asked for.
  private static func queries(_ tables: [TokenTable]) -> [TokenQuery] {
    tables.flatMap { Array($0.tokens) }.flatMap { token -> [TokenQuery] in
      var bare = token
      (bare.id, bare.userName) = (nil, nil)
      var byAccessToken = bare
      (byAccessToken[.grantToken], byAccessToken[.refreshToken]) = (nil, nil)
      return [
        TokenQuery(id: token.id ?? ""), TokenQuery(userName: token.userName ?? ""),
        TokenQuery(userName: token.userName ?? "", clientID: token.clientID),
        .ignoringID(bare), .ignoringID(byAccessToken),
      ]
    }
  }

  private func expectSame(_ copy: TokenTable, besides other: TokenTable) {
    #expect(table.tokens == copy.tokens)
    #expect(table.nextID == copy.nextID)
    #expect(table.changes.positions == copy.changes.positions)
    var (table, copy, fresh) = (table, copy, TokenTable(tokens: table.tokens))
    for query in Self.queries([copy, other]) {
      let position = table.position(of: query)
      #expect(position == copy.position(of: query))
      #expect(position == fresh.position(of: query))
    }
  }

  @Test(arguments: RecordFormat.allCases)
  mutating func aRejectedRequestLeavesTheTableAsIfItHadNeverCome(_ format: RecordFormat) {
    var rejected = 0
    for round in 0..<60 {
      if round % 7 == 0 { table.markClean() }
      var requests: [SaveRequest] = []
      for _ in 0..<4 { requests.append(randomRequest()) }
      step += 1
      var (copy, all) = (table, table)
      let results = table.save(each: requests, now: VaultTime(clock: moment(step)), as: format)
      for (request, result) in zip(requests, results) {
        _ = try? all.save(request, now: VaultTime(clock: moment(step)), as: format)
        guard case .success(let outcomes) = result else {
          rejected += 1
          continue
        }
        let expected = try? copy.save(request, now: VaultTime(clock: moment(step)), as: format)
        #expect(outcomes == expected)
      }
      expectSame(copy, besides: all)
    }
    #expect(rejected > 20 && table.tokens.count > 60)
  }

  @Test mutating func aTableThatOthersHaveACopyOfLeavesTheirs() {
    let copy = table
    for _ in 0..<100 {
      _ = table.save(each: [randomRequest()], now: VaultTime(clock: moment(1)), as: .json)
    }
    #expect(copy.tokens.isEmpty && copy.changes.isEmpty && !table.tokens.isEmpty)
  }
}
