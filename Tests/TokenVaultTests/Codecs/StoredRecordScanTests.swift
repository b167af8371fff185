import Testing

@testable import TokenRecords
@testable import TokenVault

/// What is found in a text is what decoding all of it and looking at each record gives.
@Suite struct StoredRecordScanTests {
  private func scan(
    _ text: [UInt8], _ format: RecordFormat, _ field: TokenField, _ sought: String
  ) -> [OAuthToken]? {
    StoredRecordScan.records(in: text.span, as: format, whose: field, is: sought)
  }

  private func expected(
    _ tokens: [OAuthToken], _ field: TokenField, _ sought: String
  ) -> [OAuthToken] {
    tokens.filter { $0[field].map(ExactText.init) == ExactText(sought) }
  }

  @Test(arguments: RecordFormat.allCases)
  func theRecordsFoundAreThoseThatHaveTheText(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 31)
    var found = 0
    for _ in 0..<100 {
      let tokens = random.tokens(Int.random(in: 0..<20, using: &random.generator))
      let text = format.encode(tokens)
      for field in TokenField.allCases {
        let sought = random.text()
        // So few records that none are too many.
        let records = try #require(scan(text, format, field, sought))
        #expect(records == expected(tokens, field, sought))
        #expect(
          records.map(\.history) == expected(tokens, field, sought).map(\.history))
        found += records.count
      }
    }
    #expect(found > 200)
  }

  @Test(arguments: RecordFormat.allCases)
  func whereNothingIsThereNothingIsFound(_ format: RecordFormat) throws {
    var random = RandomRecords(seed: 32)
    let text = format.encode(random.tokens(50))
    for field in TokenField.allCases {
      for sought in ["not there", "", String(repeating: "x", count: 100_000)] {
        #expect(scan(text, format, field, sought) == [])
        #expect(scan(format.encode([]), format, field, sought) == [])
      }
    }
  }

  /// Also where a text is in the column of each record, as in the revision's.
  @Test(arguments: RecordFormat.allCases)
  func anIDIsFoundAmongManyThatLookLikeIt(_ format: RecordFormat) throws {
    let tokens = try (1...2000).map { number in
      var record = try token(
        "{\"id\":\"\(number)\",\"user_name\":\"1\",\"access_token\":\"a\",\"x\":{\"id\":\"1\"}}")
      record.revision = 1
      return record
    }
    let text = format.encode(tokens)
    for id in ["1", "2", "1000", "2000"] {
      #expect(scan(text, format, .id, id)?.map(\.id) == [id])
    }
    #expect(scan(text, format, .userName, "1")?.count == 2000)
  }

  @Test(arguments: RecordFormat.allCases)
  func tooManyThatOnlyLookLikeItAreLeftToTheCaller(_ format: RecordFormat) throws {
    let json = "{\"access_token\":\"a\",\"x\":{\"scope\":\"a\"},\"y\":\"\\r\\na,\"}"
    let tokens = Array(repeating: try token(json), count: StoredRecordScan.missLimit)
    #expect(scan(format.encode(tokens), format, .scope, "a") == [])
    let more = format.encode(tokens + tokens)
    #expect(scan(more, format, .scope, "a") == nil)
    #expect(scan(more, format, .id, "a") == (format == .csv ? nil : []))
    #expect(scan(more, format, .accessToken, "a")?.count == 2 * tokens.count)
  }

  @Test(arguments: RecordFormat.allCases)
  func aBrokenRecordIsLeftToTheCaller(_ format: RecordFormat) throws {
    let text = format.encode([try token("{\"id\":\"1\",\"access_token\":\"a\"}")])
    for length in 0..<text.count {
      let records = scan(Array(text[..<length]), format, .id, "1")
      #expect(records == nil || records == [])
    }
    var bad = text
    bad[bad.count - (format == .json ? 3 : 15)] = 0xFF
    #expect(scan(bad, format, .id, "1") == nil)
  }

  @Test func randomBytesAreNeverATrap() throws {
    var random = RandomRecords(seed: 33)
    for format in RecordFormat.allCases {
      let valid = format.encode(random.tokens(6))
      for _ in 0..<3000 {
        var text = valid
        for _ in 0..<Int.random(in: 1..<6, using: &random.generator) {
          let index = Int.random(in: 0..<text.count, using: &random.generator)
          text[index] = "{}[]\",:\\\r\n1a".utf8.randomElement(using: &random.generator) ?? 0
        }
        let field = TokenField.allCases.randomElement(using: &random.generator) ?? .id
        _ = scan(text, format, field, random.text())
      }
    }
  }
}
