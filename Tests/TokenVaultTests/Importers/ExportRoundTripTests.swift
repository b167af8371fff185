import Testing

@testable import TokenRecords
@testable import TokenVault

/// What a vault exports, an import into an empty one brings back as it was.
@Suite struct ExportRoundTripTests {
  private struct Records {
    var random: SeededGenerator
    private static let texts = [
      "a", "NULL", "\\N", "null", " x ", "a,b", "\"q\"", "l\nf", "1893456000", "Zoë", "e\u{301}",
      "",
      "2030-01-01 00:00:00 UTC", "unknown", "\u{FEFF}", "=1", "true", "0",
    ]
    private static let names = [
      "token", "accessToken", "expiry", "exp", "user", "email", "created_at", "scopes",
      "acces_token",
      "ttl", "expires", "note", " lead", "NULL", "token_endpoint", "text:a", "json:b", "x y",
      "error", "tokens", "token_uri", "iat",
    ]

    mutating func text() -> String { Self.texts.randomElement(using: &random) ?? "" }

    mutating func time() -> Timestamp {
      moment(Int64.random(in: 0...4_000_000_000_000, using: &random))
    }

    mutating func state() -> RefreshState? {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: .begun(at: time(), process: 7)
      case 1: .unanswered(at: time())
      case 2:
        RejectionCode("invalid_grant").map { .rejected(at: time(), code: $0, unanswered: nil) }
      case 3:
        RejectionCode("x").map { .rejected(at: time(), code: $0, unanswered: time()) }
      default: nil
      }
    }

    mutating func token(_ number: Int) -> OAuthToken {
      var token = OAuthToken()
      for field in TokenField.allCases where field != .id && Bool.random(using: &random) {
        let text = text()
        token[field] = text.isEmpty && field != .secret ? nil : text
      }
      if Bool.random(using: &random) { token.expiresAt = .at(time()) }
      token.id = ["\(number)", "id \(number)", "NULL\(number)"].randomElement(using: &random)
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        let name = Self.names.randomElement(using: &random) ?? ""
        token.attributes[name] =
          Bool.random(using: &random)
          ? .text(Secret(text() + "t")) : .json(#"{"access_token":[1,null,"x"]}"#)
      }
      token.revision = Int.random(in: 1...9, using: &random)
      if Bool.random(using: &random) { token.history.firstSavedAt = time() }
      if Bool.random(using: &random) { token.history.lastUsedAt = time() }
      token.history.refresh = state()
      return token
    }
  }

  @Test(arguments: RecordFormat.allCases, [RecordFormat.json, .csv])
  func anyVaultComesBack(_ exported: RecordFormat, _ stored: RecordFormat) throws {
    var records = Records(random: SeededGenerator(state: 15))
    for round in 0..<(isFullTest ? 400 : 40) {
      let tokens = (0..<Int.random(in: 1..<12, using: &records.random)).map {
        records.token($0 + 1)
      }
      let text = ExchangeFormat.records(exported).encode(tokens)
      #expect(ExchangeFormat.detect(text.span) == .records(exported))
      let read = try OutsideText.read(text.span, .imported(at: moment(0)))
      #expect(read.remarks.entries.isEmpty)
      let directory = try TemporaryDirectory()
      let vault = try Vault.create(directory.configuration(), format: stored)
      let outcomes = try vault.importTokens(read.tokens)
      #expect(outcomes.allSatisfy { $0.change == .inserted })
      let all = try Vault(directory.configuration()).allTokens()
      #expect(all == tokens, "round \(round)")
      #expect(all.map(\.history) == tokens.map(\.history), "round \(round)")
      #expect(ExchangeFormat.records(exported).encode(all) == text)
      // Again, it changes no content; a date of a wrong clock may be replaced.
      try vault.importTokens(read.tokens.filter { TokenQuery.ignoringID($0).key != nil })
      let again = try vault.allTokens()
      #expect(again.count == tokens.count)
      #expect(zip(again, tokens).allSatisfy { $0.hasSameContent(as: $1) }, "round \(round)")
    }
  }
}
