import Foundation
import Testing

/// What people have goes in whole, or the command says why not: each fault of the field is one test.
@Suite struct ImportCommandTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  func records() throws -> [[String: Any]] {
    try command.run("list", "--json", "--reveal").output.json(as: [[String: Any]].self) ?? []
  }

  func values(_ name: String) throws -> [String?] {
    try records().map { $0[name] as? String }
  }

  @discardableResult
  func bring(_ text: String, _ words: String = "-") throws -> CommandRunner.Result {
    try command.shell("tokenvault import \(words)", input: text)
  }

  func startAnew() throws {
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
}
