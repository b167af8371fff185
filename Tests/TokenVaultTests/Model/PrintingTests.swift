import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct PrintingTests {
  @Test func noWayToPrintARecordShowsASecret() throws {
    let token = try token(
      """
      {"id":"7","user_name":"ann","client_secret":"s3cret-a","refresh_token":"s3cret-b","access_token":
      "s3cret-c","grant_token":"s3cret-d","id_token":"s3cret-e","secret":"s3cret-i","pin":"s3cret-f","deep":{"x":"s3cret-g"}}
      """)
    var dumped = ""
    dump(token, to: &dumped)
    dump([token.accessToken, Secret("s3cret-h")], to: &dumped)
    dump(token.attributes, to: &dumped)
    dump(TokenQuery(matching: try tokenOf("refresh_token")), to: &dumped)
    dump(SaveOutcome(change: .inserted, token: token), to: &dumped)
    let printed = [
      dumped, "\(token)", String(reflecting: token), "\(token.attributes)",
      "\(TokenQuery(matching: try tokenOf("access_token")))", "\(Array(token.attributes))",
      "\(String(describing: token.accessToken))",
      String(reflecting: token.attributes["pin"]),
      String(describing: Mirror(reflecting: token).children.map(\.value)),
    ]
    for text in printed { #expect(!text.contains("s3cret")) }
    #expect("\(token)".contains("ann"))
  }

  private func tokenOf(_ field: String) throws -> OAuthToken {
    try token("{\"\(field)\":\"s3cret-q\"}")
  }

  @Test func errorsNameThePlaceAndNotTheText() throws {
    for format in RecordFormat.allCases {
      let text = Array("{\"access_token\":\"s3cret\u{1}\",\"refresh_token\":\"s3cret\"".utf8)
      let error = #expect(throws: RecordError.self) { try format.decode(text.span, now: moment(0)) }
      #expect(!"\(String(describing: error))".contains("s3cret"))
    }
  }
}
