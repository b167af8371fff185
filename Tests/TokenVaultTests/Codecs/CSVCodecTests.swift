import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct CSVCodecTests {
  private func decode(_ text: String) throws -> [OAuthToken] {
    try RecordFormat.csv.decode(Array(text.utf8).span, now: moment(1_000_000))
  }

  @Test func theHeaderNamesTheColumnsInAnyOrder() throws {
    let token = try decode("note,access_token,id,expires_in,json:n\r\nhi,a,7,60,\"[1, 2]\"\r\n")[0]
    #expect(token.id == "7" && token.accessToken == "a")
    #expect(token.expiresAt == .at(moment(1_060_000)))
    #expect(token.attributes == ["note": .text("hi"), "n": .json("[1,2]")])
  }

  @Test(arguments: [
    "id\n1\n2\n", "id\r\n1\r\n2\r\n", "id\n1\n2", "\u{FEFF}id\r\n1\n\"2\"", "\"id\"\n\"1\"\n2\n",
  ])
  func everyLineEndIsRead(_ text: String) throws {
    #expect(try decode(text).map(\.id) == ["1", "2"])
  }

  @Test func onlyWhatMustBeQuotedIsQuoted() throws {
    var token = OAuthToken()
    token.userName = "a b'c"
    token.clientID = "x,y"
    token.accessToken = "\"\r\n"
    let text = RecordFormat.csv.encode([token]).text
    #expect(text.hasSuffix("\r\n,a b'c,\"x,y\",,,\"\"\"\r\n\",,,,,,,,,,,,\r\n"))
  }

  @Test(
    arguments: [
      ("", .missingHeader, 1, 1), ("id,id\n", .duplicateName("id"), 1, 4),
      ("x,x\n", .duplicateName(nil), 1, 3),
      ("id,scope\n1\n", .valueCount(found: 1, expected: 2), 2, 1),
      ("id\n1\n1,2,3\n", .valueCount(found: 3, expected: 1), 3, 1),
      ("id\n\"abc\n", .unterminatedQuote, 2, 1),
      ("id,x\n1,\"a\nb\"c\n", .textAfterQuote, 3, 3), ("id\na\"b\n", .strayQuote, 2, 2),
      ("id\na\rb\n", .strayCarriageReturn, 2, 2),
      ("id,json:x\n1,{\n", .unexpectedEnd, 2, 3),
      ("id,json:x\n1,1 2\n", .expected("one JSON value"), 2, 3),
      ("id,x,json:x\n1,a,2\n", .duplicateName(nil), 2, 5),
      ("id,revision\n1,1.5\n", .notRevision, 2, 3), ("hello", .noTokenColumn, 1, 1),
      ("name;token_x\n", .noTokenColumn, 1, 1),
    ] as [(String, RecordError.Reason, Int, Int)])
  func badTextIsAnErrorWithItsPlace(
    _ text: String, _ reason: RecordError.Reason, _ line: Int, _ column: Int
  ) throws {
    let error = #expect(throws: RecordError.self) { try decode(text) }
    #expect(error == RecordError(reason: reason, line: line, column: column))
  }

  @Test func textThatIsNotUTF8IsAnErrorWithItsPlace() throws {
    for text: [UInt8] in [
      Array("id\na".utf8) + [0xFF, 0x0A], Array("id\n\"a".utf8) + [0xFF, 0x22],
    ] {
      let error = #expect(throws: RecordError.self) {
        try RecordFormat.csv.decode(text.span, now: moment(0))
      }
      #expect(error?.reason == .invalidUTF8 && error?.line == 2)
    }
  }
}
