import Testing
import TokenRecords

@testable import TokenImporters

/// What importers leave out, and what they refuse.
@Suite struct ForeignNoteTests {
  private func found(_ store: ForeignStore, _ text: String, path: String? = nil) throws
    -> ForeignRecords
  {
    try store.records(in: ForeignFile(path: path, bytes: Array(text.utf8)))
  }

  private func refusal(_ store: ForeignStore, _ text: String) -> String? {
    do { return try found(store, text).notes.first } catch { return "\(error)" }
  }

  @Test func eachEntryThatIsLeftOutHasALineThatSaysWhy() throws {
    let notes: [ForeignStore: [String]] = [
      .gh: [
        "skipped ann-zylker of keyring.zylker.example: its token is in a keyring; "
          + "'gh auth token --hostname keyring.zylker.example --user ann-zylker' prints it"
      ],
      .docker: ["skipped ghcr.zylker.example: its credentials are in a helper"],
      .gcloud: [
        "skipped robot@zylker.iam.example: credentials of the type service_account have no token"
      ],
      .rclone: ["skipped nas: it has no token"],
      .netrc: ["skipped the default entry: it is for no machine"],
    ]
    for (store, lines) in notes {
      let fixture = try #require(ForeignFixture.all.first { $0.store == store })
      #expect(try store.records(in: fixture.file).notes == lines)
    }
  }

  @Test func aProgramThatGoesOnUsingARefreshTokenIsNamedOnce() throws {
    for (store, program) in [(ForeignStore.codex, "codex"), (.claude, "claude")] {
      let fixture = try #require(ForeignFixture.all.first { $0.store == store })
      let notes = try store.records(in: fixture.file).notes
      #expect(
        notes.filter { $0.hasPrefix("\(program) goes on using its refresh token") }.count == 1)
    }
  }

  @Test func aFileOfAProgramWithoutATokenIsNoRecordAndSaysSo() throws {
    let empty: [(ForeignStore, String)] = [
      (.codex, #"{"OPENAI_API_KEY":"sk-invented","tokens":null}"#),
      (.claude, #"{"claudeAiOauth":{}}"#), (.docker, #"{"auths":{"r.example":{}}}"#),
      (.google, #"{"type":"service_account"}"#), (.rclone, "[nas]\ntype = sftp\n"),
      (.msal, #"{"RefreshToken":{},"AccessToken":{}}"#), (.gh, "\n"), (.netrc, "# empty\n"),
    ]
    for (store, text) in empty {
      let found = try found(store, text)
      #expect(found.tokens.isEmpty)
      #expect(found.notes.count == 1)
    }
  }

  @Test(arguments: [
    ("a: [b]", "line 1: "), ("a:\n  - b\n", "line 2: "), ("a:\n\tb: c\n", "line 2: "),
    ("a:\n    b: c\n  d: e\n", "line 3: "), ("a: &x b\n", "line 1: "), ("a: |\n", "line 1: "),
    ("a: \"b\\n\"\n", "line 1: "), ("a: b\na: c\n", "line 2: "), ("---\n", "line 1: "),
  ])
  func whatGhDoesNotWriteIsRefusedByItsLine(_ text: String, _ start: String) {
    #expect(refusal(.gh, text)?.hasPrefix(start) == true)
  }

  @Test func aTokenOfAHostWithoutAUserIsKept() throws {
    let found = try found(.gh, "github.com:\n    oauth_token: gho_invented\n")
    #expect(found.tokens.map { $0.accessToken?.revealed } == ["gho_invented"])
    #expect(found.tokens.map(\.userName) == [nil])
  }

  @Test func linesMayEndWithCRLFAndAByteOrderMarkMayStandBefore() throws {
    let lines = "https://ann:p1@a.example\r\nhttps://bob:p2@b.example\r\n"
    let git = try found(.git, "\u{FEFF}" + lines).tokens
    #expect(git.map(\.clientID) == ["https://a.example", "https://b.example"])
    let hosts = "h.example:\r\n    user: ann\r\n    oauth_token: t\r\n"
    #expect(try found(.gh, hosts).tokens.map { $0.accessToken?.revealed } == ["t"])
    let remotes = "[r]\r\ntype = box\r\ntoken = {\"access_token\":\"a\"}\r\n"
    #expect(try found(.rclone, remotes).tokens.map { $0.accessToken?.revealed } == ["a"])
    #expect(ForeignStore.detect(path: nil, Array(remotes.utf8)) == .rclone)
  }

  @Test(arguments: [
    #"{"user":"ann","token":"t","token_uri":"https://h.example/t","client_id":"c","expires_at":"2020"}"#,
    #"{"clientId":"c","clientSecret":"s","refreshToken":"r","expiresAt":"2027-01-01T00:00:00Z"}"#,
    #"{"user":"ann","access_token":"t","auths":{}}"#, #"{"auths":[]}"#,
  ])
  func aRecordThatLooksLikeAProgramsFileIsOfNone(_ text: String) {
    #expect(ForeignStore.detect(path: nil, Array(text.utf8)) == nil)
  }

  @Test func tokensThatStandWhereNoneIsExpectedAreKeptOrNamed() throws {
    let gh = "h.example:\n    oauth_token: t\n    user: ann\n    users:\n"
    #expect(try found(.gh, gh).tokens.map(\.userName) == ["ann"])
    let access = #"{"secret":"s","home_account_id":"h","environment":"e","client_id":"c"}"#
    let msal = try found(.msal, #"{"RefreshToken":{},"AccessToken":{"a":\#(access)}}"#)
    #expect(msal.notes.contains { $0.contains("there is no refresh token of its account") })
    let claude = #"{"claudeAiOauth":{"accessToken":""},"mcpOAuth":{"x":{}}}"#
    #expect(try found(.claude, claude).notes.contains { $0.contains("mcpOAuth") })
  }

  @Test func anEndThatIsNotUnderstoodIsToldAndDue() throws {
    for member in [#""expiry":"soon""#, #""expiry":[2020]"#, #""expires_in":3600"#] {
      let text = "[r]\ntype = box\ntoken = {\"access_token\":\"a\",\(member)}\n"
      let found = try found(.rclone, text)
      #expect(found.tokens.map { $0.expiresAt?.text } == ["unknown"])
      #expect(found.notes.contains { $0.contains("is not understood") })
    }
  }

  @Test func anEncryptedConfigurationIsRefusedWithTheWayToItsContent() {
    let text = "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\ninvented\n"
    #expect(refusal(.rclone, text)?.contains("rclone config show") == true)
  }

  @Test func aTokenThatWasNeverToEndHasNoEndAndOneOfAnotherFormIsDue() throws {
    func end(_ expiry: String) throws -> String? {
      let text = "[r]\ntype = box\ntoken = {\"access_token\":\"a\",\"expiry\":\"\(expiry)\"}\n"
      return try found(.rclone, text).tokens.first?.expiresAt?.text
    }
    #expect(try end("0001-01-01T00:00:00Z") == nil)
    #expect(try end("next week") == "unknown")
  }

  @Test func gitCredentialsSkipALineThatHasNoPassword() throws {
    let found = try found(.git, "https://ann:a@h.example\nhttps://ann@h.example\n# x\n\nnonsense\n")
    #expect(found.tokens.count == 1)
    #expect(found.notes.map { String($0.prefix(14)) } == ["skipped line 2", "skipped line 5"])
  }

  @Test func netrcEndsAWordAndALineAsFtpDoes() throws {
    let text =
      "machine a.example login x\npassword \"p\\\"q r\"\n# machine b.example\nmachine c.example\n"
    let found = try found(.netrc, text)
    #expect(found.tokens.map { $0.accessToken?.revealed } == ["p\"q r"])
    #expect(refusal(.netrc, "machine a.example passwort x")?.hasPrefix("line 1: ") == true)
    #expect(refusal(.netrc, "machine a.example password \"x")?.hasPrefix("line 1: ") == true)
    #expect(refusal(.netrc, "machine")?.hasPrefix("line 1: ") == true)
  }

  @Test(arguments: [
    "id,user_name,access_token\r\n1,a,b\r\n", #"{"access_token":"a"}"#, #"[{"id":"1"}]"#,
    "<html></html>", "tokens:\n  access_token: a\n", "", "{", "ssh://host/path\n",
  ])
  func aTextThatIsNoCertainShapeIsOfNoProgram(_ text: String) {
    #expect(ForeignStore.detect(path: nil, Array(text.utf8)) == nil)
  }
}
