import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct JSONCodecTests {
  private func decode(_ text: String) throws -> [OAuthToken] {
    try RecordFormat.json.decode(Array(text.utf8).span, now: moment(1_000_000))
  }

  @Test(arguments: [
    #"{"id":"1"}{"id":"2"}"#, "{\"id\":\"1\"}\n\n{\"id\":\"2\"}\n",
    #" [ {"id":"1"} , {"id":"2"} ] "#,
    "\u{FEFF}[{\"id\":\"1\"},{\"id\":\"2\"}]", "{\r\n\t\"id\" : \"1\"\r\n}\r\n{\"id\":\"2\"}",
  ])
  func objectsArraysAndLinesAreAllRecords(_ text: String) throws {
    #expect(try decode(text).map(\.id) == ["1", "2"])
  }

  @Test func nothingAtAllIsNoRecord() throws {
    for text in ["", " \n", "[]", " [ ] "] { #expect(try decode(text).isEmpty) }
  }

  @Test func aTokenEndpointsAnswerIsARecord() throws {
    let token = try decode(
      #"{"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r","scope":"x y"}"#
    )[0]
    #expect(token.accessToken == "a" && token.tokenType == "Bearer" && token.scope == "x y")
    #expect(token.expiresAt == .at(moment(4_600_000)))
    #expect(try decode(#"{"expires_in":"3600"}"#)[0].expiresAt == .at(moment(4_600_000)))
    #expect(
      try decode(#"{"expiry_time":1767225600000}"#)[0].expiresAt?.text == "2026-01-01T00:00:00.000Z"
    )
    #expect(try decode(#"{"expiry_time":"soon"}"#)[0].expiresAt == .unknown)
    #expect(
      try decode(#"{"expires_at":"2026-01-01T01:00:00+01:00"}"#)[0].expiresAt?.text
        == "2026-01-01T00:00:00.000Z")
    #expect(
      try decode(#"{"scope":null,"expires_at":null,"x":null}"#)[0].attributes == [
        "x": .json("null")
      ])
  }

  @Test func unknownFieldsAreKeptAsTheJSONTheyWere() throws {
    let text = #"{"a":"t","b": -1.50E+3 ,"c":[ 1 , {"d" : "\u00e9\/", "e":[] } ],"f":true}"#
    let attributes = try decode(text)[0].attributes
    #expect(attributes["a"] == .text("t"))
    #expect(attributes["b"] == .json("-1.50E+3"))
    #expect(attributes["c"] == .json(#"[1,{"d":"\u00e9\/","e":[]}]"#))
    #expect(attributes["f"] == .json("true"))
  }

  @Test func escapesAreRead() throws {
    let token = try decode(#"{"us\u0065r_name":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00\u0000"}"#)[0]
    #expect(token.userName == "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}\u{0}")
  }

  @Test(
    arguments: [
      (#"{"id":"1""#, .unexpectedEnd, 1, 10), (#"{"id""#, .unexpectedEnd, 1, 6),
      ("[1,2]", .expected("a record: a JSON object"), 1, 2),
      ("7", .expected("a record: a JSON object"), 1, 1),
      (#""text""#, .expected("a record: a JSON object"), 1, 1),
      (#"[{}] {}"#, .expected("nothing after the array"), 1, 6),
      (#"{"id":"1",}"#, .expected("'\"'"), 1, 11), (#"{"id" "1"}"#, .expected("':'"), 1, 7),
      ("{\"id\":\"1\"\n \"x\":1}", .expected("'}'"), 2, 2), (#"{id:1}"#, .expected("'\"'"), 1, 2),
      (#"{"id":"1","id":"2"}"#, .duplicateName("id"), 1, 11),
      (#"{"x":1,"x":2}"#, .duplicateName(nil), 1, 8),
      (#"{"x":{"a":1,"\u0061":2}}"#, .duplicateName(nil), 1, 13),
      (#"{"id":5.5}"#, .notText(field: "id"), 1, 7),
      (#"{"user_name":{"first":"ann"}}"#, .notText(field: "user_name"), 1, 14),
      (#"{"access_token":true}"#, .notText(field: "access_token"), 1, 17),
      (#"{"scope":"a","scope":["a"]}"#, .duplicateName("scope"), 1, 14),
      (#"{"expires_in":1,"expires_in":2}"#, .duplicateName("expires_in"), 1, 17),
      (#"{"revision":-1}"#, .notRevision, 1, 13),
      (#"{"x":"\uD800"}"#, .loneSurrogate, 1, 7), (#"{"x":"\uD800\u0041"}"#, .loneSurrogate, 1, 7),
      (#"{"x":"\uDC00"}"#, .loneSurrogate, 1, 7), (#"{"x":"\q"}"#, .invalidEscape, 1, 7),
      (#"{"x":"\u00g0"}"#, .invalidEscape, 1, 11), ("{\"x\":\"a\nb\"}", .controlCharacter, 1, 8),
      ("{\"x\":\n\"é\u{1}\"}", .controlCharacter, 2, 3), (#"{"x":01}"#, .expected("'}'"), 1, 7),
      (#"{"x":-}"#, .invalidNumber, 1, 6), (#"{"x":1.}"#, .invalidNumber, 1, 6),
      (#"{"x":1e}"#, .invalidNumber, 1, 6),
      (#"{"x":tru}"#, .expected("a JSON value"), 1, 6),
      (#"{"x":NaN}"#, .expected("a JSON value"), 1, 6),
    ] as [(String, RecordError.Reason, Int, Int)])
  func badTextIsAnErrorWithItsPlace(
    _ text: String, _ reason: RecordError.Reason, _ line: Int, _ column: Int
  ) throws {
    let error = #expect(throws: RecordError.self) { try decode(text) }
    #expect(error == RecordError(reason: reason, line: line, column: column))
  }

  @Test func textThatIsNotUTF8IsAnErrorWithItsPlace() throws {
    for bad: [UInt8] in [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3],
    ] {
      for name in [#"{"x":"ab"#, #"{"user_name":"ab"#, #"{"x":["ab"#] {
        let text = Array(name.utf8) + bad + Array(#""}"#.utf8)
        let error = #expect(throws: RecordError.self) {
          try RecordFormat.json.decode(text.span, now: moment(0))
        }
        #expect(error?.reason == .invalidUTF8)
        #expect(error?.column == name.count + 1)
      }
    }
  }

  @Test func aHeapOfEmptyValuesIsARecordTooLong() throws {
    for (open, value, close) in [("[", "[]", "]"), ("{", "", "}")] {
      let values = (0..<600_000).map { value.isEmpty ? "\"\($0)\":[]" : value }
      let text = "{\"x\":\(open)\(values.joined(separator: ","))\(close)}"
      let error = #expect(throws: RecordError.self) { try decode(text) }
      #expect(error?.reason == .recordTooLong)
      // Told where it grows too long, and not only when all of it has been read.
      #expect((1_000_000...1_100_000).contains(error?.column ?? 0))
    }
  }

  @Test func textsFullOfEscapesFitIntoWhatTheEncoderReserves() throws {
    var random = SeededGenerator(state: 11)
    for _ in 0..<200 {
      let tokens = (0..<Int.random(in: 1..<5, using: &random)).map { _ in
        var token = OAuthToken()
        for field in TokenField.allCases where field != .expiresAt {
          let count = Int.random(in: 1..<200, using: &random)
          token[field] = String(repeating: ["\u{1}", "\"", "x"][count % 3], count: count)
          token.attributes["\u{2}\(count)"] = .text(Secret(String(repeating: "\\", count: count)))
        }
        return token
      }
      #expect(
        try RecordFormat.json.decode(RecordFormat.json.encode(tokens).span, now: moment(0))
          == tokens)
    }
  }

  @Test func aNestingBombIsAnErrorAndNotAStackOverflow() throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      func nested(_ depth: Int) -> String {
        "{\"x\":" + String(repeating: open, count: depth) + "1"
          + String(repeating: close, count: depth) + "}"
      }
      #expect(try decode(nested(JSONScanner.depthLimit)).count == 1)
      let error = #expect(throws: RecordError.self) { try decode(nested(100_000)) }
      #expect(error?.reason == .nestedTooDeep)
    }
  }
}
