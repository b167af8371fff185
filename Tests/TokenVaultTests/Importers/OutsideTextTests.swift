import Testing

@testable import TokenRecords
@testable import TokenVault

/// What an import makes of the records of other programs: the same in JSON and in CSV.
@Suite struct OutsideTextTests {
  let now = moment(1_700_000_000_000)

  func read(_ text: String) throws -> ReadRecords {
    try OutsideText.read(Array(text.utf8).span, .imported(at: now))
  }

  /// The same record as JSON and as CSV.
  func readBoth(_ members: KeyValuePairs<String, String>) throws -> [ReadRecords] {
    let json = members.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
    let names = members.map { "\"\($0.key)\"" }.joined(separator: ",")
    let values = members.map { "\"\($0.value)\"" }.joined(separator: ",")
    return [try read("{\(json)}"), try read("\(names)\n\(values)\n")]
  }

  func remarks(_ read: ReadRecords) -> [ReadingRemark] {
    read.remarks.entries.map(\.remark)
  }

  // MARK: Ends

  @Test(arguments: [
    "expires_at", "expiry", "expires_on", "expiry_date", "expiry_time", "token_expiry",
    "access_token_expiration", "expiresAt", "exp", "expires",
  ])
  func anEndIsReadByEachName(_ name: String) throws {
    for text in ["1893456000", "1893456000000", "2030-01-01 00:00:00 UTC"] {
      for read in try readBoth(["token": "a", name: text, "expires_in": "60"]) {
        #expect(read.tokens[0].expiresAt?.text == "2030-01-01T00:00:00.000Z", "\(text)")
        #expect(read.remarks.entries.isEmpty && read.tokens[0].attributes.isEmpty)
      }
    }
    let number = try read(#"{"token":"a","\#(name)":1893456000.25}"#)
    #expect(number.tokens[0].expiresAt?.text == "2030-01-01T00:00:00.250Z")
  }

  @Test func aLifetimeCountsFromTheTimeOfIssueAndNeverFromNow() throws {
    for name in ["created_at", "issued_at", "obtained_at", "granted_time", "timestamp"] {
      for text in ["1600000000", "1600000000000", "2020-09-13T12:26:40Z"] {
        for read in try readBoth(["access_token": "a", "expires_in": "7200", name: text]) {
          #expect(read.tokens[0].expiresAt?.text == "2020-09-13T14:26:40.000Z", "\(name) \(text)")
          #expect(read.remarks.entries.isEmpty)
        }
      }
    }
    for read in try readBoth(["access_token": "a", "expires_in": "7200"]) {
      #expect(read.tokens[0].expiresAt == .unknown)
      #expect(remarks(read) == [ReadingRemark(.lifetimeWithoutStart, "expires_in")])
    }
    // Nothing was issued in the future.
    for read in try readBoth(["access_token": "a", "expires_in": "7200", "iat": "4000000000"]) {
      #expect(read.tokens[0].expiresAt == .unknown)
    }
  }

  @Test func whatIsNotUnderstoodIsNamedAndDue() throws {
    for (name, text, kind) in [
      ("expires_at", "soon", ReadingRemark.Kind.unreadableEnd),
      ("expires_at", "2030-01-01 00:00:00", .endWithoutZone), ("expiry", "never", .unreadableEnd),
      ("expires_in", "an hour", .unreadableEnd), ("tokenValidTo", "2030", .unreadableEnd),
      ("expires_at", "12345", .unreadableEnd), ("expires", "3600", .lifetimeWithoutStart),
    ] {
      for read in try readBoth(["access_token": "a", name: text]) {
        #expect(read.tokens[0].expiresAt == .unknown, "\(name)")
        #expect(!read.tokens[0].isGood(for: 0, at: VaultTime(clock: now)))
        #expect(remarks(read) == [ReadingRemark(kind, name)])
      }
    }
  }

  @Test func endsOfOtherThingsAreNone() throws {
    for name in ["refresh_expires_in", "ext_expires_in", "refresh_token_expires_at"] {
      for read in try readBoth(["access_token": "a", name: "1"]) {
        #expect(!read.tokens[0].has(.expiresAt) && read.remarks.entries.isEmpty)
        #expect(read.tokens[0].attributes[name] == .text("1"))
      }
    }
    #expect(try !read(#"{"access_token":"a","expired":false}"#).tokens[0].has(.expiresAt))
    #expect(
      try !read(#"{"access_token":"a","expiry":"0001-01-01T00:00:00Z"}"#).tokens[0].has(.expiresAt))
  }

  @Test func anUnderstoodEndBeatsAnotherThatIsNot() throws {
    for read in try readBoth(["access_token": "a", "expires_at": "soon", "exp": "1893456000"]) {
      #expect(read.tokens[0].expiresAt?.text == "2030-01-01T00:00:00.000Z")
      #expect(remarks(read) == [ReadingRemark(.otherEnd, "expires_at")])
    }
  }

  @Test func aRecordWithoutAnAccessTokenHasNoLifetime() throws {
    for read in try readBoth(["refresh_token": "r", "expires_in": "60"]) {
      #expect(!read.tokens[0].has(.expiresAt) && read.remarks.entries.isEmpty)
    }
  }

  // MARK: Names and values

  @Test func otherNamesAreTheFieldsUnlessThoseAreThere() throws {
    for read in try readBoth([
      "user": "ann", "email": "a@x", "token": "t", "token_uri": "https://e",
    ]) {
      let token = read.tokens[0]
      #expect(token.userName == "ann" && token.accessToken == "t")
      #expect(token.tokenEndpoint == "https://e")
      #expect(token.attributes["email"] == .text("a@x"), "nothing is lost")
    }
    for read in try readBoth(["token": "other", "access_token": "t"]) {
      #expect(
        read.tokens[0].accessToken == "t" && read.tokens[0].attributes["token"] == .text("other"))
    }
    let object = try read(#"{"user":{"id":1},"login":"ann","access_token":"t","scopes":["a","b"]}"#)
    #expect(object.tokens[0].userName == "ann" && object.tokens[0].scope == "a b")
    #expect(object.tokens[0].attributes["user"] == .json(#"{"id":1}"#))
  }

  @Test func googlesTokenFileIsARecord() throws {
    let token = try read(
      #"{"token":"at","refresh_token":"rt","token_uri":"https://oauth2.googleapis.com/token","client_id":"app","client_secret":"sec","scopes":["openid","https://scope.example/drive"],"universe_domain":"googleapis.com","account":"","expiry":"2031-03-04T10:00:00.789012Z"}"#
    ).tokens[0]
    #expect(token.accessToken == "at" && token.scope == "openid https://scope.example/drive")
    #expect(token.tokenEndpoint == "https://oauth2.googleapis.com/token")
    #expect(token.expiresAt?.text == "2031-03-04T10:00:00.789Z" && token.userName == nil)
  }

  @Test func wholeNumbersAreText() throws {
    let token = try read(#"[{"id":1,"user_name":42,"client_id":-7,"access_token":"a","scope":5}]"#)
      .tokens[0]
    #expect(token.id == "1" && token.userName == "42" && token.clientID == "-7")
    #expect(token.scope == "5")
  }

  @Test func aNameNearAKnownOneIsToldOnceWithTheNearest() throws {
    let read = try read(
      #"{"acces_token":"secret","refresh_token":"r"}{"acces_token":"secret","refresh_token":"s"}"#)
    #expect(remarks(read) == [ReadingRemark(.similarTo("access_token"), "acces_token")])
    #expect(read.remarks.entries[0].records == [1, 2] && read.remarks.entries[0].count == 2)
    #expect(!read.remarks.entries[0].remark.sentence.contains("secret"))
    let csv = try self.read("user_name,acces_token,refresh_token\na,b,c\n")
    #expect(remarks(csv) == [ReadingRemark(.similarTo("access_token"), "acces_token")])
  }

  // MARK: Databases and spreadsheets

  @Test func nullsOfDatabasesAreAbsentAndQuotedOnesAreText() throws {
    let read = try read(
      "id,user_name,access_token,scope\n1,NULL,a,\\N\n2,\"NULL\",b,\"\\N\"\n3,null,c,None\n")
    #expect(read.tokens.map(\.userName) == [nil, "NULL", "null"])
    #expect(read.tokens.map(\.scope) == [nil, "\\N", "None"])
  }

  @Test func anExportQuotesWhatADatabaseWritesForNothing() throws {
    var token = OAuthToken()
    (token.userName, token.accessToken) = ("NULL", "\\N")
    token.attributes["NULL"] = .text("NULL")
    token.revision = 1
    let text = ExchangeFormat.records(.csv).encode([token])
    #expect(try ExchangeFormat.records(.csv).decode(text.span, now: now) == [token])
    // What a vault stores has one form.
    #expect(!RecordFormat.csv.encode([token]).text.contains("\"NULL\""))
    let many = [OAuthToken](repeating: token, count: 300)
    #expect(
      try ExchangeFormat.records(.csv).decode(
        ExchangeFormat.records(.csv).encode(many).span, now: now) == many)
  }

  @Test(arguments: [
    "user_name;client_id;access_token\nann;a,p;at\n",
    "user_name\tclient_id\taccess_token\nann\ta,p\tat\n",
    "user_name, client_id, access_token\nann, \"a,p\", at\n",
    "\"user_name\" , \"client_id\" , \"access_token\"\nann, \"a,p\" , at\n",
    "\u{FEFF}user_name;client_id;access_token\r\nann;\"a,p\";at\r\n\r\n",
    "\n\nuser_name,access_token,client_id,,\n\nann,at,\"a,p\",,\n,,,,\n\n",
    "user_name,access_token,client_id\nann,at,\"a,p\",,\n",
  ])
  func whatSpreadsheetsWriteIsRead(_ text: String) throws {
    let read = try read(text)
    #expect(read.tokens.count == 1 && read.tokens[0].userName == "ann")
    #expect(read.tokens[0].clientID == "a,p" && read.tokens[0].accessToken == "at")
    #expect(read.tokens[0].attributes.isEmpty)
  }

  @Test(arguments: [true, false])
  func utf16WithItsByteOrderMarkIsRead(_ isLittle: Bool) throws {
    func bytes(_ text: String) -> [UInt8] {
      ("\u{FEFF}" + text).utf16.flatMap { unit in
        let (high, low) = (UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit))
        return isLittle ? [low, high] : [high, low]
      }
    }
    for text in [#"{"user_name":"Zoë 🔑","access_token":"a"}"#, "user_name;access_token\nZoë 🔑;a\n"]
    {
      let read = try OutsideText.read(bytes(text).span, .imported(at: now))
      #expect(read.tokens[0].userName == "Zoë 🔑" && read.tokens[0].accessToken == "a")
    }
    let whole = bytes(#"{"user_name":"🔑"}"#)
    for count in [whole.count - 1, whole.count - 5] {
      #expect(throws: RecordError.self) {
        try OutsideText.read(Array(whole[..<count]).span, .imported(at: now))
      }
    }
  }
}
