import Foundation
import Testing

/// What people have goes in whole, or the command says why not: each fault of the field is one test.
@Suite struct ImportCommandTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private func records() throws -> [[String: Any]] {
    try command.run("list", "--json", "--reveal").output.json(as: [[String: Any]].self) ?? []
  }

  private func values(_ name: String) throws -> [String?] {
    try records().map { $0[name] as? String }
  }

  @discardableResult
  private func bring(_ text: String, _ words: String = "-") throws -> CommandRunner.Result {
    try command.shell("tokenvault import \(words)", input: text)
  }

  private func startAnew() throws {
    try command.shell("rm -rf data state")
  }

  // MARK: Two records are two

  @Test(arguments: ["json", "csv"])
  func anOwnExportOfTwoLoginsOfOneUserComesBackAsTwo(_ format: String) throws {
    try command.run(
      "save",
      input: """
        {"id":"ann-read","user_name":"ann","client_id":"app","scope":"read","access_token":"at-read"}
        {"id":"ann-write","user_name":"ann","client_id":"app","scope":"write","access_token":"at-write"}
        """)
    try command.run("save", input: #"{"id":"ann-read","refresh_token":"r"}"#)
    let out = command.file("out")
    try command.run("export", "--plaintext", "--format", format, "--output", out)
    try startAnew()
    let result = try command.run("import", out)
    #expect(result.output == "2 inserted, 0 updated, 0 unchanged\n", "\(result)")
    #expect(result.errors.contains("only their ids tell them apart"))
    #expect(
      result.errors.contains("'\(out)' still has these tokens in plain text") == true
        && result.errors.contains("rm '\(out)'"), "\(result)")
    try command.run("export", "--plaintext", "--format", format, "--output", out + "2")
    #expect(try command.bytes(out) == command.bytes(out + "2"), "history and revisions too")
    #expect(try command.run("import", out).output == "0 inserted, 0 updated, 2 unchanged\n")
  }

  @Test func nullsOfADatabaseAreNoNames() throws {
    let header =
      "id,user_name,client_id,client_secret,refresh_token,access_token,grant_token,expiry_time,redirect_url,api_domain"
    let rows = (1...3).map {
      "\($0),NULL,1000.A,sec,1000.r\($0),1000.a\($0),NULL,1893456000000,NULL,https://www.zohoapis.com"
    }
    #expect(try bring(([header] + rows).joined(separator: "\n")).status == 0)
    #expect(try values("refresh_token") == ["1000.r1", "1000.r2", "1000.r3"])
    #expect(try values("user_name") == [nil, nil, nil])
    try startAnew()
    // Python's FileStore has no text for an absent value.
    let python = header.replacing("redirect_url", with: "redirect_uri")
    #expect(try bring("\(python)\n\(rows[0])\n").status == 0)
    #expect(try values("user_name") == ["NULL"])
  }

  @Test func twoRecordsThatMeanOneAreRefusedAndNothingIsWritten() throws {
    try command.run("save", input: #"{"user_name":"ann","access_token":"1"}"#)
    try command.expectFailure(
      7, "the records 1 and 3 mean the same token '1'", "tokenvault import -",
      input: "user_name,access_token\nann,2\nben,3\nann,4\n", #_sourceLocation)
  }

  // MARK: Ends

  @Test func aLifetimeOfAFileCountsFromItsIssue() throws {
    let record =
      #"{"user_name":"ann","client_id":"app","access_token":"at","refresh_token":"rt","expires_in":7200,"created_at":1700000000}"#
    #expect(try bring(record).errors.contains("warning") == false)
    #expect(try values("expires_at") == ["2023-11-15T00:13:20.000Z"])
    try startAnew()
    let unknown = try bring(record.replacing(#","created_at":1700000000"#, with: ""))
    #expect(
      unknown.errors.contains(
        "standard input, record 1: 'expires_in' counts from an unknown time, so the end of its access token is unknown"
      ), "\(unknown)")
    #expect(try values("expires_at") == ["unknown"])
    // It is due, and without a server cannot be refreshed.
    #expect(try command.run("token", "1", "--min-ttl", "5m").status == 11)
    let token = try command.run("token", "1")
    #expect(
      token.output == "at\n" && token.errors.contains("the expiry of this access token is unknown"))
    #expect(try command.run("list").output.contains("unknown"))
    #expect(try command.run("list", "--expiring", "1h").output.contains("ann"))
    let zoho = try command.run("export", "--plaintext", "--format", "zoho-csv")
    #expect(zoho.output.contains(",rt,at,,0,,"), "\(zoho)")
  }

  @Test func aSaveCountsFromNow() throws {
    let before = Date.now
    try command.run(
      "save", input: #"{"user_name":"ann","access_token":"at","expires_in":"3599.5"}"#)
    let text = try #require(try values("expires_at")[0])
    let end = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    #expect(end >= before.addingTimeInterval(3598) && end <= Date.now.addingTimeInterval(3600))
    for (lifetime, end) in [("9223372036854775807", nil), ("3.6e3", "2")] as [(String, String?)] {
      try startAnew()
      let input =
        #"{"user_name":"ann","access_token":"at","refresh_token":"rt","expires_in":\#(lifetime)}"#
      #expect(try command.run("save", input: input).status == 0)
      #expect(try values("refresh_token") == ["rt"])
      #expect(try values("expires_at")[0]?.prefix(1).description == end)
    }
  }

  @Test(arguments: [
    #"{"user_name":"a","access_token":"t","expires_in":3600,"expires_at":1925000000}"#,
    #"{"user_name":"a","access_token":"t","expires_in":3600,"expires_at":1925000000.1613762}"#,
    "user_name,access_token,expires_at\na,t,1925000000\n",
    #"{"user":"a","accessToken":"t","expiry":"2031-01-01T10:13:20.663127+08:00","expires_in":3599}"#,
    #"{"startUrl":"s","accessToken":"t","expiresAt":"2031-01-01T02:13:20UTC"}"#,
  ])
  func anEndOfTheFileIsTheEnd(_ text: String) throws {
    #expect(try bring(text, "--quiet -").status == 0)
    #expect(try values("expires_at")[0]?.hasPrefix("2031-01-01T02:13:20") == true)
    #expect(try values("access_token") == ["t"])
  }

  @Test func aRowThatEndsNoLaterChangesNothingUnlessItIsSaid() throws {
    func row(_ token: String, _ year: Int) -> String {
      "user_name,access_token,expires_at\nann,\(token),\(year)-01-01T00:00:00Z\n"
    }
    try bring(row("new", 2031))
    let older = try bring(row("old", 2030))
    #expect(
      older.output
        == "0 inserted, 0 updated, 0 unchanged, 1 not later than what is stored (--overwrite takes them)\n"
    )
    #expect(try values("access_token") == ["new"])
    let said = try bring(row("old", 2030), "--overwrite -")
    #expect(said.output.hasPrefix("0 inserted, 1 updated"))
    #expect(
      said.errors.contains("the access token of the token '1' takes the place of another one"))
    #expect(try bring(row("newest", 2032)).errors.contains("takes the place of another one"))
    let json = try bring(row("x", 2030), "--json -").output.json(as: [String: Any].self)
    #expect(json?["not_later"] as? Int == 1 && json?["unchanged"] as? Int == 0)
  }

  // MARK: Names and shapes

  @Test(arguments: [
    "id,user_mail,client_id,client_secret,refresh_token,access_token,grant_token,expiry_time,redirect_url\njava_1,ann@x,1000.C,sec,1000.rt,1000.at,,1893456000000,https://app/cb\n",
    "\"id\",\"user_mail\",\"client_id\",\"client_secret\",\"refresh_token\",\"access_token\",\"grant_token\",\"expiry_time\",\"redirect_url\"\n\"java_1\",\"ann@x\",\"1000.C\",\"sec\",\"1000.rt\",\"1000.at\",\"\",\"1893456000000\",\"https://app/cb\"\n",
    "id,user_name,client_id,client_secret,refresh_token,access_token,grant_token,expiry_time,redirect_uri,api_domain\nx,\"ann@x\",1000.C,s\"ec,1000.rt,1000.at,,1893456000000,https://app/cb,https://a\n",
    "user_mail,client_id,refresh_token,access_token,grant_token,expiry_time\nann@x,c,r,a,,1893456000000\n",
  ])
  func theFilesOfAllZohoSDKsAreReadByTheirColumns(_ text: String) throws {
    for format in ["auto", "zoho-csv"] {
      try startAnew()
      #expect(try bring(text, "--from \(format) -").status == 0)
      #expect(try values("user_name") == ["ann@x"])
      #expect(try values("expires_at") == ["2030-01-01T00:00:00.000Z"])
      #expect(try records()[0].keys.contains("user_mail") == false)
    }
  }

  @Test func numbersOfADatabaseAreText() throws {
    let rows = #"""
      [{"id":1,"user_name":"ann","client_id":"app","refresh_token":"r1","access_token":"a1","grant_token":null,"expiry_time":1893456000000},
      {"id":2,"user_name":"bob","client_id":"app","refresh_token":"r2","access_token":"a2","grant_token":null,"expiry_time":1893456000000}]
      """#
    #expect(try bring(rows).status == 0)
    #expect(try values("id") == ["1", "2"])
    #expect(try values("expires_at").allSatisfy { $0 == "2030-01-01T00:00:00.000Z" })
  }

  @Test func aListOfScopesIsTheSameForASaveAndARefresh() throws {
    let answer =
      #"{"user_name":"ann","access_token":"at","expires_in":14293,"refresh_token":"rt","scope":["chat:read","user_read"]}"#
    #expect(try command.run("save", input: answer).status == 0)
    #expect(try values("scope") == ["chat:read user_read"])
    try command.write(answer, to: command.file("answer"))
    #expect(try command.shell("tokenvault refresh --user ann --force -- cat answer").status == 0)
    #expect(try values("scope") == ["chat:read user_read"])
  }

  @Test func anAnswerInTheFormEncodingIsNotLost() throws {
    try command.run(
      "save",
      input: #"{"user_name":"ann","client_id":"app","access_token":"old","refresh_token":"old"}"#)
    try command.write(
      "access_token=at-new&expires_in=28800&refresh_token=rt-new&scope=&token_type=bearer",
      to: command.file("answer"))
    #expect(try command.shell("tokenvault refresh 1 --force -- cat answer").status == 0)
    #expect(try values("refresh_token") == ["rt-new"])
    #expect(try command.shell("tokenvault save --user ben answer").status == 0)
    #expect(try values("access_token") == ["at-new", "at-new"])
  }

  @Test func aTokenThatLivesForNoTimeIsKept() throws {
    try command.run(
      "save", input: #"{"user_name":"ann","access_token":"old","refresh_token":"old"}"#)
    try command.write(
      #"{"access_token":"at-new","expires_in":0,"refresh_token":"rt-new"}"#,
      to: command.file("answer"))
    let result = try command.shell("tokenvault refresh 1 --force -- cat answer")
    #expect(result.status == 0 && result.errors.contains("live for 0 s"), "\(result)")
    #expect(try values("refresh_token") == ["rt-new"] && values("access_token") == ["at-new"])
  }

  @Test func aLifetimeThatIsNotUnderstoodIsTold() throws {
    try command.run(
      "save", input: #"{"user_name":"ann","access_token":"old","refresh_token":"old"}"#)
    try command.write(
      #"{"access_token":"at","expires_in":"soon","refresh_token":"rt"}"#, to: command.file("answer")
    )
    for line in ["tokenvault refresh 1 --force -- cat answer", "tokenvault save --user ann answer"]
    {
      let result = try command.shell(line)
      #expect(
        result.status == 0
          && result.errors.contains("'expires_in' is no time that is understood"), "\(result)")
      #expect(try values("expires_at") == ["unknown"] && values("access_token") == ["at"])
    }
  }

  @Test func aMisspelledNameIsToldWithTheNearest() throws {
    let result = try bring(#"{"user_name":"ann","acces_token":"s3cret","refresh_token":"rt"}"#)
    #expect(
      result.errors.contains("'acces_token' is kept as an unknown field; is 'access_token' meant?"))
    #expect(result.errors.contains("note: kept, but not known: 'acces_token'"))
    #expect(!result.errors.contains("s3cret"))
    let save = try command.run(
      "save", input: #"{"user_name":"ann","acces_token":"s3cret","refresh_token":"rt"}"#)
    #expect(save.errors.contains("is 'access_token' meant?") && !save.errors.contains("s3cret"))
  }

  @Test func whatARecordHasInsteadOfATokenIsNamed() throws {
    try command.run("init", "--quiet")
    try command.expectFailure(
      1,
      "record 1 has no access, refresh or grant token, and matches none that is stored; it has 'apiKey', 'note'",
      "tokenvault import -",
      input: #"{"user_name":"x","apiKey":"s3cret","note":"n"}"#, #_sourceLocation)
    for command in ["import -", "save"] {
      try self.command.expectFailure(
        1, "it is the refusal of a token endpoint", "tokenvault \(command)",
        input: #"{"user_name":"ann","error":"invalid_grant"}"#, #_sourceLocation)
    }
  }

  // MARK: Options

  @Test func theIdentityOfOneRecordMayBeGiven() throws {
    let answer = #"{"access_token":"at","refresh_token":"rt","expires_at":1893456000}"#
    let words =
      "--user ann --client c --id mine --token-endpoint https://x.example/t --api-domain https://a"
    #expect(try bring(answer, "\(words) -").status == 0)
    let record = try records()[0]
    for (name, value) in [
      "id": "mine", "user_name": "ann", "client_id": "c", "token_endpoint": "https://x.example/t",
      "api_domain": "https://a", "access_token": "at",
    ] {
      #expect(record[name] as? String == value)
    }
    #expect(
      try bring(answer, "--id mine --user ann -").output.hasPrefix("0 inserted, 0 updated, 1"))
    #expect(try bring(answer, "--id other --user ann -").output.hasPrefix("1 inserted"))
    let two = try bring(answer + answer, "--user ann -")
    #expect(two.status == 64 && two.errors.contains("--user goes with a file of one record"))
    #expect(try bring(answer, "--user '' -").status == 64)
  }

  @Test func aDryRunIsATable() throws {
    try bring("user_name,access_token,expires_at\nann,old,2031-01-01T00:00:00Z\n")
    let result = try bring(
      #"{"user_name":"ann","access_token":"s3cret","expires_at":1893456000}{"user_name":"ben","access_token":"s3cret","refresh_token":"r"}"#,
      "--dry-run -")
    #expect(
      result.output == """
        1 inserted, 0 updated, 0 unchanged, 1 not later than what is stored (--overwrite takes them) (nothing was written)
        CHANGE     ID  USER  CLIENT  EXPIRES                   SECRETS
        not later  1   ann   -       2031-01-01T00:00:00.000Z  access_token
        inserted   2   ben   -       -                         refresh_token access_token

        """, "\(result)")
    #expect(try values("user_name") == ["ann"])
  }

  @Test func onlyAFileIsToldToStillHaveTheTokens() throws {
    #expect(try !bring(#"{"access_token":"1"}"#).errors.contains("plain text"))
    let piped = try command.shell(#"tokenvault import <(echo '{"access_token":"2"}')"#)
    #expect(piped.status == 0 && !piped.errors.contains("plain text"))
    try command.write(#"{"access_token":"3"}"#, to: command.file("it's"))
    let file = try command.shell("tokenvault import \"it's\"")
    #expect(file.errors.contains(#"if no program needs it: rm 'it'\''s'"#), "\(file)")
    let dry = try command.shell("tokenvault import --dry-run \"it's\"")
    #expect(!dry.errors.contains("plain text"))
    #expect(try command.shell("tokenvault import --quiet \"it's\"").errors == "")
  }

  @Test func whatIsNoSecretIsShownByFind() throws {
    try command.run(
      "save",
      input: #"""
        {"access_token":"s3cret","scope":"mail","redirect_url":"https://r","token_endpoint":"https://x.example/t",
        "token_endpoint_auth_method":"none","other":"s3cret"}
        {"access_token":"2","token_endpoint":"https://ann:s3cret@x.example/t"}
        {"access_token":"3","token_endpoint":"https://x.example/t?key=s3cret"}
        """#)
    let shown = try command.run("find", "--id", "1").output
    for text in ["mail", "https://r", "https://x.example/t", "none"] {
      #expect(shown.contains(text))
    }
    for id in ["1", "2", "3"] {
      #expect(try !command.run("find", "--id", id).output.contains("s3cret"))
    }
    let again = try command.run("save", input: command.run("find", "--id", "1", "--json").output)
    #expect(again.status == 1 && again.errors.contains("is the mask"))
  }

  @Test(arguments: [
    ("printf 'user: ann\\n' > f", "this is YAML"), ("printf '<html>' > f", "this is HTML"),
    ("head -c 100 /dev/zero > f", "this is binary data"), ("mkdir f", "is a directory"),
    (#"printf '{"access_token":"s3c' > f"#, "the text ends inside a record"),
    (#"printf '{"tokens":{"access_token":"s3cret"}}' > f"#, "the tokens are inside 'tokens'"),
    ("printf '[default]\\nkey=s3cret\\n' > f", "this is an INI file"),
    ("printf '\\xff\\xfea' > f", "not UTF-16"), ("printf 's3cret\\n' > f", "is a token's"),
    ("truncate -s 1G f", "larger than 268435456 bytes"),
  ])
  func nonsenseIsOneSentenceThatNamesIt(_ make: String, _ sentence: String) throws {
    try command.run("init", "--quiet")
    let errors = try command.expectFailure(
      1, sentence, "\(make); tokenvault import f", #_sourceLocation)
    #expect(!errors.contains("s3c") && errors.split(separator: "\n").count == 1)
  }
}
