import Testing

@testable import TokenRecords
@testable import TokenVault

/// Texts that are written in pieces.
@Suite struct RecordEncoderTests {
  @Test(arguments: RecordFormat.allCases)
  func thePiecesTogetherAreTheWhole(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 21)
    for _ in 0..<100 {
      let tokens = random.tokens(Int.random(in: 0..<20, using: &random.generator))
      let encoder = RecordEncoder(format, attributesOf: tokens)
      var text = encoder.header
      var rest = tokens[...]
      while !rest.isEmpty {
        let count = Int.random(in: 0...5, using: &random.generator)
        text += encoder.rows(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      #expect(text == format.encode(tokens))
      #expect(try format.decode(stored: text.span) == tokens)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func noRecordsAreTheHeaderAlone(_ format: RecordFormat) {
    let encoder = RecordEncoder(format, attributesOf: [])
    #expect(encoder.header == format.encode([]) && encoder.rows([]).isEmpty)
    #expect(encoder.header.isEmpty == (format == .json))
  }

  @Test(arguments: RecordFormat.allCases)
  func textsFullOfEscapesFitIntoWhatIsReserved(_ format: RecordFormat) throws {
    var token = OAuthToken()
    for field in TokenField.allCases { token[field] = String(repeating: "\"", count: 1000) }
    token.attributes = ["x": .text(Secret(String(repeating: "\"\n", count: 1000)))]
    (token.revision, token.history.firstSavedAt) = (1, moment(0))
    let code = try #require(RejectionCode("a,code"))
    token.history.refresh = .rejected(at: moment(2), code: code, unanswered: moment(3))
    let back = try format.decode(stored: format.encode([token, token]).span)
    #expect(back == [token, token] && back.map(\.history) == [token.history, token.history])
  }

  @Test func oneColumnHoldsTextAndAnotherJSONOfOneName() throws {
    let tokens = try ["{\"x\":1}", "{\"x\":\"t\"}", "{\"a\":null}", "{}"].map(token)
    let columns = AttributeNames(tokens).columns
    #expect(columns.map(\.header) == ["json:a", "json:x", "x"])
    #expect(AttributeNames(tokens.suffix(1)).columns.isEmpty)
  }
}
