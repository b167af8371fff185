import Testing

@testable import TokenRecords
@testable import TokenVault

/// The field `secret`, which may be empty, and an unknown end of the access token.
@Suite struct ReservedFieldTests {
  /// The texts that both formats have for an absent, an empty and another secret.
  private static let vectors: [(secret: String?, json: String, csv: String)] = [
    (nil, #"{"id":"7","access_token":"a","revision":1}"#, "7,,,,,a,,,,,,,,,1,,,"),
    ("", #"{"id":"7","access_token":"a","secret":"","revision":1}"#, #"7,,,,,a,,,,,,,,"",1,,,"#),
    (
      "p,\"", #"{"id":"7","access_token":"a","secret":"p,\"","revision":1}"#,
      #"7,,,,,a,,,,,,,,"p,""",1,,,"#
    ),
  ]

  private static let csvHeader =
    "id,user_name,client_id,client_secret,refresh_token,access_token,grant_token,expires_at,redirect_url,"
    + "api_domain,scope,token_type,id_token,secret,revision,first_saved_at,last_used_at,refresh_state"

  private func record(_ secret: String?) -> OAuthToken {
    var token = OAuthToken()
    (token.id, token.accessToken, token.revision) = ("7", "a", 1)
    token.secret = secret.map { Secret($0) }
    return token
  }

  @Test func anEmptySecretIsPresentInBothFormatsAndDiffersFromAnAbsentOne() throws {
    for (secret, json, csv) in Self.vectors {
      let record = record(secret)
      let texts = [
        (RecordFormat.json, "\(json)\n"), (.csv, "\(Self.csvHeader)\r\n\(csv)\r\n"),
      ]
      for (format, text) in texts {
        #expect(format.encode([record]).text == text)
        #expect(try format.decode(stored: Array(text.utf8).span) == [record])
        #expect(try format.decode(Array(text.utf8).span, now: moment(0)) == [record])
        #expect(format.canHold(record))
      }
    }
  }

  @Test func noOtherFieldIsEmptyInAStoredRecord() {
    for field in TokenField.allCases where field != .secret {
      let text = Array("{\"\(field.name)\":\"\",\"revision\":1}\n".utf8)
      #expect(throws: RecordError.self, "\(field)") {
        try RecordFormat.json.decode(stored: text.span)
      }
    }
    #expect(throws: RecordError.self) {
      try RecordFormat.json.decode(stored: Array("{\"secret\":null}\n".utf8).span)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func anEmptySecretIsSavedAndAnAbsentOneKeepsTheStored(_ format: RecordFormat) throws {
    let directory = try TemporaryDirectory()
    let vault = try Vault.create(directory.configuration(), format: format)
    try vault.save(token(#"{"user_name":"u","access_token":"a","secret":"pin"}"#))
    try vault.save(token(#"{"user_name":"u","access_token":"b"}"#))
    #expect(try vault.allTokens().first?.secret == "pin")
    try vault.save(token(#"{"user_name":"u","secret":""}"#))
    #expect(try vault.allTokens().first?.secret == "")
    try vault.save(token(#"{"user_name":"v","access_token":"a","secret":"","scope":""}"#))
    try vault.rotate()
    try vault.convert(to: format == .json ? .csv : .json)
    let all = try Vault(directory.configuration()).allTokens()
    #expect(all.map(\.secret) == ["", ""] && all[1].scope == nil)
    for exchange: ExchangeFormat in [.records(.json), .records(.csv)] {
      let back = try exchange.decode(exchange.encode(all).span, now: moment(0))
      #expect(back.map(\.secret) == ["", ""])
    }
    #expect(ZohoCSV.fieldsLost(of: all[1]).contains("secret"))
  }

  @Test func aSecretMatchesNoRecord() throws {
    #expect(TokenQuery(matching: try token(#"{"secret":"pin"}"#)).key == nil)
  }

  @Test func anUnknownEndIsDueAndIsNeverEmpty() throws {
    let given = try token(#"{"user_name":"u","access_token":"a","expires_at":"unknown"}"#)
    #expect(given.expiresAt == .unknown && given.expiresAt?.moment == nil)
    #expect(!given.isGood(for: 0, at: VaultTime(clock: moment(0))))
    #expect(!given.lives(for: 0, at: moment(0)))
    for format in RecordFormat.allCases {
      let text = format.encode([given])
      #expect(text.text.contains("unknown"))
      #expect(try format.decode(stored: text.span)[0].expiresAt == .unknown)
    }
    let zoho = ExchangeFormat.zohoCSV.encode([given]).text
    #expect(zoho.hasSuffix("\r\n,u,,,,a,,0,,\r\n"))
    // The SDK's zero is long past, so the token stays due.
    let back = try ExchangeFormat.zohoCSV.decode(Array(zoho.utf8).span, now: moment(0))
    #expect(!back[0].isGood(for: 0, at: VaultTime(clock: moment(1))))
    // Another text is kept, and due as well.
    for text in ["Unknown", "unknown ", "never"] { #expect(Expiry(text) == .unreadable(text)) }
  }
}
