import Testing

@testable import TokenRecords
@testable import TokenVault

/// Saves that are taken back, against copies of the table from before.
@Suite struct TakingBackTests {
  private var random = SeededGenerator(state: 23)
  private var table = TokenTable()
  private var step: Int64 = 0

  private static let users = (0..<40).map { "user\($0)" } + ["é", "e\u{301}"]

  private mutating func text(_ prefix: String, oneIn absent: Int) -> String? {
    if Int.random(in: 0..<absent, using: &random) == 0 { return nil }
    return "\(prefix)\(Int.random(in: 0..<30, using: &random))"
  }

  /// A record that may be new, or known by any of its keys; some cannot be saved.
  private mutating func randomToken() -> OAuthToken {
    var token = OAuthToken()
    token.userName = Bool.random(using: &random) ? Self.users.randomElement(using: &random) : nil
    token.clientID = text("client", oneIn: 2)
    token[.grantToken] = text("grant", oneIn: 3)
    token[.refreshToken] = text("refresh", oneIn: 2)
    token[.accessToken] = text("access", oneIn: 5)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: token.id = table.tokens.randomElement(using: &random)?.id
    case 1: token.id = "\(Int.random(in: 1...2000, using: &random))"
    case 2: token.id = text("named", oneIn: 2)
    default: break
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      token.attributes["x\(Int.random(in: 0..<9, using: &random))"] = .text(Secret("\(step)"))
    }
    return token
  }

  private mutating func save() {
    step += 1
    _ = try? table.save(
      randomToken(), now: moment(step), ignoringID: Int.random(in: 0..<8, using: &random) == 0)
  }

  private mutating func note() {
    step += 1
    let now = moment(step)
    guard let id = table.tokens.randomElement(using: &random)?.id else { return }
    table.note(id: id) { $0.lastUsedAt = now }
  }

  /// All that can be asked for.
  private static func queries(_ tables: [TokenTable]) -> [TokenQuery] {
    let tokens = tables.flatMap { Array($0.tokens) }
    return tokens.flatMap { token -> [TokenQuery] in
      var bare = token
      bare.id = nil
      bare.userName = nil
      var byRefreshToken = bare
      byRefreshToken[.grantToken] = nil
      var byAccessToken = byRefreshToken
      byAccessToken[.refreshToken] = nil
      return [
        TokenQuery(id: token.id ?? ""), TokenQuery(userName: token.userName ?? ""),
        TokenQuery(userName: token.userName ?? "", clientID: token.clientID),
        TokenQuery(userName: token.userName ?? "", clientID: "nobody's"), .ignoringID(bare),
        .ignoringID(byRefreshToken), .ignoringID(byAccessToken),
      ]
    }
  }

  /// Builds all kinds of index, or those of a few records.
  private mutating func index(isWhole: Bool) {
    let queries = Self.queries([table])
    for query in isWhole ? queries : Array(queries.shuffled(using: &random).prefix(1)) {
      _ = table.find(query)
    }
  }

  private func expectSame(_ copy: TokenTable, besides other: TokenTable) {
    #expect(table.tokens == copy.tokens)
    #expect(table.nextID == copy.nextID)
    #expect(table.changes.positions == copy.changes.positions)
    #expect(table.changes.isRewrite == copy.changes.isRewrite)
    #expect(table.changedTokens == copy.changedTokens)
    var (table, copy, fresh) = (table, copy, TokenTable(tokens: table.tokens))
    for query in Self.queries([copy, other]) {
      let position = table.position(of: query)
      #expect(position == copy.position(of: query))
      #expect(position == fresh.position(of: query))
    }
  }

  @Test mutating func randomSavesThatAreTakenBackLeaveWhatACopyHas() throws {
    for round in 0..<60 {
      if round % 7 == 0 { table.markClean() }
      if round % 5 == 1 { index(isWhole: true) }
      for _ in 0..<3 { note() }
      let copy = table
      let mark = table.mark()
      for number in 0..<Int.random(in: 0..<12, using: &random) {
        save()
        if number % 4 == 2 { index(isWhole: round % 2 == 0) }
      }
      let changed = table
      table.takeBack(to: mark)
      expectSame(copy, besides: changed)
      // Whoever goes on does as the copy would.
      var other = copy
      let (next, now) = (randomToken(), moment(step))
      #expect(
        Result { () throws(TokenTableError) in try table.save(next, now: now) }
          == Result { () throws(TokenTableError) in try other.save(next, now: now) })
      table.forgetMarks()
      expectSame(other, besides: changed)
      for _ in 0..<3 { save() }
    }
    #expect(table.tokens.count > 60)
  }

  @Test mutating func aMarkWithinAnotherTakesBackItsPartAndTheOuterOneAll() throws {
    for _ in 0..<30 { save() }
    for round in 0..<30 {
      if round % 3 == 0 { table.markClean() }
      index(isWhole: true)
      let start = table
      let outer = table.mark()
      for _ in 0..<4 {
        for _ in 0..<3 { save() }
        let copy = table
        let inner = table.mark()
        for _ in 0..<3 { save() }
        let changed = table
        if Bool.random(using: &random) {
          table.takeBack(to: inner)
          expectSame(copy, besides: changed)
        }
      }
      let end = table
      if round % 2 == 0 {
        table.takeBack(to: outer)
        expectSame(start, besides: end)
      }
      table.forgetMarks()
      save()
    }
  }

  @Test mutating func aTableThatOthersHaveACopyOfLeavesTheirs() throws {
    for _ in 0..<200 { save() }
    index(isWhole: true)
    let copy = table
    let (tokens, changes) = (Array(copy.tokens), copy.changes)
    let mark = table.mark()
    for _ in 0..<200 { save() }
    table.takeBack(to: mark)
    #expect(Array(copy.tokens) == tokens && copy.changes == changes)
    expectSame(copy, besides: table)
  }

  @Test mutating func aThousandRecordsAreTakenBackToNone() throws {
    index(isWhole: true)
    _ = table.find(TokenQuery(userName: "u1", clientID: "c"))
    _ = table.find(TokenQuery(id: "1"))
    let mark = table.mark()
    for number in 1...1000 {
      _ = try table.save(
        token(#"{"user_name":"u\#(number)","client_id":"c","access_token":"1"}"#), now: moment(1))
    }
    table.takeBack(to: mark)
    table.forgetMarks()
    #expect(table.tokens.isEmpty && table.nextID == 1 && table.changes.isEmpty)
    for number in 1...1000 {
      #expect(table.find(TokenQuery(userName: "u\(number)", clientID: "c")) == nil)
      #expect(table.find(TokenQuery(id: "\(number)")) == nil)
    }
    let saved = try table.save(token(#"{"access_token":"1"}"#), now: moment(2))
    #expect(saved.token.id == "1" && table.changes.positions == [0])
  }

  @Test mutating func whoForgetsAMarkKeepsWhatWasChangedAndMayMarkAgain() throws {
    save()
    _ = table.mark()
    _ = try table.save(token(#"{"user_name":"kept","access_token":"1"}"#), now: moment(1))
    table.forgetMarks()
    let copy = table
    let mark = table.mark()
    _ = try table.save(token(#"{"user_name":"gone","access_token":"1"}"#), now: moment(1))
    table.takeBack(to: mark)
    expectSame(copy, besides: table)
    #expect(table.find(TokenQuery(userName: "kept")) != nil)
  }
}
