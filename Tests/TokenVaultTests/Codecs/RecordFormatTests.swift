import Testing

@testable import TokenRecords
@testable import TokenVault

/// What both codecs promise.
@Suite struct RecordFormatTests {
  private func roundTrip(_ tokens: [OAuthToken], _ format: RecordFormat) throws -> [OAuthToken] {
    try format.decode(format.encode(tokens).span, now: moment(0))
  }

  @Test(arguments: RecordFormat.allCases)
  func everyTextComesBackByteForByte(_ format: RecordFormat) throws {
    let texts = [
      "plain", "", "a,b", "\"", "\"\"", "a\"b", "\\", "\n", "\r", "\r\n", "line1\nline2\r\n",
      "\u{0}",
      "\u{1}\u{1F}\u{7F}", "'", " leading and trailing ", "\t", "Zoë", "e\u{301}", "東京", "👩‍💻",
      "\u{2028}\u{2029}", "\u{FEFF}x", "\u{10FFFF}", "null", "None", "=cmd|' /C calc'!A0", "{",
      "[1]",
      String(repeating: "x\"\n,", count: 5000),
    ]
    for (index, text) in texts.enumerated() {
      for field in TokenField.allCases where field != .expiresAt {
        var given = OAuthToken()
        given[field] = text.isEmpty ? nil : text
        given.accessToken = "a"
        given.revision = index + 1
        given.attributes[text + "name"] = .text(Secret(text + "!"))
        let back = try roundTrip([given, given], format)
        #expect(back == [given, given])
      }
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func randomRecordsComeBack(_ format: RecordFormat) throws {
    var random = SeededGenerator(state: 42)
    let alphabet: [Unicode.Scalar] = [
      "a", ",", "\"", "\n", "\r", "\\", "é", "\u{1F511}", "\u{0}", " ", ":",
    ]
    func text() -> String {
      var text = ""
      for _ in 0..<Int.random(in: 1..<12, using: &random) {
        text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
      }
      return text
    }
    for _ in 0..<300 {
      let tokens = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
        var token = OAuthToken()
        for field in TokenField.allCases where Bool.random(using: &random) { token[field] = text() }
        for _ in 0..<Int.random(in: 0..<3, using: &random) {
          token.attributes["x" + text()] = .text(Secret(text()))
        }
        if Bool.random(using: &random) {
          token.attributes["json:" + text()] = .json("{\"a\":[1,null]}")
        }
        token.revision = 1
        return token
      }
      #expect(try roundTrip(tokens, format) == tokens)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func unknownFieldsKeepTheirKindWhateverTheyAreCalled(_ format: RecordFormat) throws {
    var given = OAuthToken()
    given.accessToken = "a"
    given.attributes = [
      "": .text("no name"), "json:x": .text("t"), "text:y": .text("t"), "x": .json("1.50e3"),
      "n": .json("null"), "s": .text("null"), "B": .text("b"),
    ]
    #expect(try roundTrip([given], format) == [given])
  }

  @Test(arguments: RecordFormat.allCases)
  func aMegabyteFitsAndMoreIsRefused(_ format: RecordFormat) throws {
    var token = OAuthToken()
    token.accessToken = Secret(String(repeating: "x", count: RecordFormat.recordSizeLimit - 2000))
    #expect(format.canHold(token))
    token.accessToken = Secret(String(repeating: "x", count: RecordFormat.recordSizeLimit + 1))
    #expect(!format.canHold(token))
  }

  @Test(arguments: RecordFormat.allCases)
  func fieldsThatWouldNotBeReadBackAreNoticed(_ format: RecordFormat) throws {
    var token = OAuthToken()
    token.accessToken = "a"
    #expect(format.canHold(token))
    token.attributes["user_name"] = .text("shadow")
    if format == .json { #expect(!format.canHold(token)) }
    token.attributes = ["x": .json("{broken")]
    #expect(!format.canHold(token))
    for json: Secret in ["1 ", "", "1 2", "\"a string is text\""] {
      token.attributes = ["x": .json(json)]
      #expect(!format.canHold(token))
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func aHundredMegabyteLineIsAnErrorInsteadOfARecord(_ format: RecordFormat) throws {
    let start = format == .json ? "{\"access_token\":\"" : "access_token\n"
    let text = Array(start.utf8) + [UInt8](repeating: 120, count: 100_000_000)
    let error = #expect(throws: RecordError.self) { try format.decode(text.span, now: moment(0)) }
    #expect(error?.reason == .recordTooLong)
  }

  @Test(arguments: RecordFormat.allCases)
  func moreThanAMillionRecordsAreRefused(_ format: RecordFormat) throws {
    let row = format == .json ? "{}\n" : "1\n"
    let text =
      Array((format == .json ? "" : "access_token\n").utf8)
      + Array(repeatElement(Array(row.utf8), count: RecordFormat.recordCountLimit + 1).joined())
    let error = #expect(throws: RecordError.self) { try format.decode(text.span, now: moment(0)) }
    #expect(error?.reason == .tooManyRecords)
  }

  @Test(arguments: RecordFormat.allCases)
  func randomBytesAreNeverATrap(_ format: RecordFormat) throws {
    var random = SeededGenerator(state: 3)
    var seed = OAuthToken()
    seed.accessToken = "a\"\n,b"
    seed.attributes = ["x": .json("{\"a\":[1,2.5e-3,\"\\u00e9\"]}")]
    let valid = format.encode([seed, seed])
    for _ in 0..<4000 {
      var text = valid
      for _ in 0..<Int.random(in: 1..<4, using: &random) {
        let index = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text[index] = UInt8.random(in: .min ... .max, using: &random)
        case 1: text.remove(at: index)
        default: text.insert("{}[]\",:\\\r\n".utf8.randomElement(using: &random) ?? 0, at: index)
        }
      }
      _ = try? format.decode(text.span, now: moment(0))
    }
    for length in 0..<valid.count {
      _ = try? format.decode(Array(valid[..<length]).span, now: moment(0))
    }
  }
}
