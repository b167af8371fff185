import Foundation
import Testing
import TokenServerFixture

/// No input decides where the secrets of a stored record go, unless it has them or the user says so.
@Suite struct MovedEndpointTests {
  let command: CommandRunner
  let bank: TokenServer
  let thief: TokenServer

  init() throws {
    (command, bank, thief) = (try CommandRunner(), try TokenServer(), try TokenServer())
    try command.run("init", "--quiet")
    try command.run(
      "save",
      input: """
        {"user_name":"ann","client_id":"c","client_secret":"s","refresh_token":"ann.0",
        "access_token":"old","token_endpoint":"\(bank.url)/token"}
        """)
  }

  private func save(_ json: String, by words: String = "save") throws -> CommandRunner.Result {
    try command.shell("tokenvault \(words)", input: json)
  }

  /// Inputs that would have the secrets of the bank's record sent to another server, or there in another way.
  static let attacks: [(words: String, input: String)] = [
    ("save", #"{"access_token":"new","id":"1","token_endpoint":"THIEF/steal"}"#),
    (
      "save", #"{"id":"1","access_token":"new","refresh_token":"r","token_endpoint":"THIEF/steal"}"#
    ),
    (
      "save", #"{"id":"1","access_token":"new","client_secret":"x","token_endpoint":"THIEF/steal"}"#
    ),
    ("save", #"{"refresh_token":"ann.0","client_id":"c","token_endpoint":"THIEF/steal"}"#),
    (
      "save",
      #"[{"user_name":"ben","access_token":"b"},{"user_name":"ann","token_endpoint":"THIEF"}]"#
    ),
    ("save", #"[{"id":"1","token_endpoint":""},{"id":"1","token_endpoint":"THIEF/steal"}]"#),
    ("save", #"{"id":"1","token_endpoint":"https://user@BANKHOST/token"}"#),
    ("save", #"{"id":"1","token_endpoint":"https://BANKHOST/token"}"#),
    ("save", #"{"id":"1","token_endpoint":"http://BANKHOST\u0000.example/token"}"#),
    ("save", #"{"id":"1","token_endpoint_auth_method":"client_secret_post"}"#),
    ("save", #"{"id":"1","token_endpoint":"","api_domain":"https://www.zohoapis.eu"}"#),
    (
      "save --user ann --token-endpoint THIEF/steal",
      #"{"access_token":"new","token_type":"Bearer"}"#
    ),
    ("import -", #"{"user_name":"ann","access_token":"new","token_endpoint":"THIEF/steal"}"#),
    ("import -", "user_name,access_token,token_endpoint\nann,new,THIEF/steal\n"),
  ]

  @Test(arguments: attacks)
  func aSaveThatMovesTheSecretsIsRefusedAndNothingReachesTheThief(
    _ words: String, _ input: String
  ) throws {
    func fill(_ text: String) -> String {
      text.replacing("THIEF", with: thief.url)
        .replacing("BANKHOST", with: bank.url.replacing("http://", with: ""))
    }
    let errors = try command.expectFailure(
      7, "would go to '", "tokenvault \(fill(words))", input: fill(input), #_sourceLocation)
    #expect(errors.contains("hint: if that is wanted, say so with --move-endpoint"), "\(errors)")
    #expect(
      errors.contains(bank.url) || input.contains(#""},{"#), "both servers are named: \(errors)")
    #expect(!input.contains("THIEF") || errors.contains(thief.url), "\(errors)")
    #expect(try command.run("refresh", "--all", "--force").status == 0)
    #expect(try bank.log().total == 1 && thief.log().total == 0)
  }

  @Test func anEndpointWhereThereWasNoneIsAMoveToo() throws {
    try command.run("save", input: #"{"id":"2","refresh_token":"r"}"#)
    for json in [
      #"{"id":"2","token_endpoint":"\#(thief.url)/steal"}"#,
      #"{"id":"2","api_domain":"https://www.zohoapis.com"}"#,
    ] {
      let errors = try command.expectFailure(
        7, "and go to no server so far", "tokenvault save", input: json, #_sourceLocation)
      #expect(errors.contains(json.contains("zoho") ? "https://accounts.zoho.com" : thief.url))
    }
  }

  @Test func whatDoesNotMoveTheSecretsIsSaved() throws {
    for json in [
      // Another path of the same server, written in another way.
      #"{"id":"1","token_endpoint":"\#(bank.url.replacing("http:", with: "HTTP:"))/oauth/token"}"#,
      #"{"id":"1","scope":"mail","note":"x","api_domain":"https://www.zohoapis.eu"}"#,
      // Nowhere.
      #"{"id":"1","token_endpoint":"","token_endpoint_auth_method":"","api_domain":""}"#,
    ] {
      let result = try save(json)
      #expect(result.status == 0, "\(json): \(result)")
    }
    try command.run("save", input: #"{"id":"3","access_token":"a"}"#)
    #expect(try save(#"{"id":"3","token_endpoint":"\#(thief.url)"}"#).status == 0, "no secrets")
  }

  @Test func whoHasAllTheSecretsOrSaysSoMovesThem() throws {
    let moved = #""token_endpoint":"\#(thief.url)/token""#
    let all = #"{"id":"1","client_secret":"s","refresh_token":"ann.0",\#(moved)}"#
    #expect(try save(all).status == 0)
    let back = #"{"id":"1","token_endpoint":"\#(bank.url)/token"}"#
    #expect(try save(back).status == 7)
    let said = try save(back, by: "save --move-endpoint")
    #expect(
      said.status == 0 && said.errors.contains("go to '\(bank.url)' instead of '\(thief.url)'"))
    let imported = #"{"user_name":"ann",\#(moved)}"#
    #expect(try save(imported, by: "import --move-endpoint -").status == 0)
    #expect(try command.run("refresh", "1", "--force").status == 0)
    #expect(try bank.log().total == 0 && thief.log().total == 1)
  }

  @Test func aDryRunOfAnImportListsTheMovesAndWritesNothing() throws {
    let before = try command.bytes(command.standardVault)
    let input = """
      {"user_name":"ann","token_endpoint":"\(thief.url)/steal"}
      {"user_name":"ben","access_token":"b"}
      """
    let text = try save(input, by: "import --dry-run -")
    #expect(text.status == 0 && text.output.hasPrefix("1 inserted, 1 updated, 0 unchanged"))
    #expect(
      text.output.contains("'1' would go to '\(thief.url)' instead of '\(bank.url)'"), "\(text)")
    let json = try save(input, by: "import --dry-run --json -").output.json(as: [String: Any].self)
    let moves = json?["endpoint_moves"] as? [[String: String]]
    #expect(moves == [["id": "1", "from": bank.url, "to": thief.url]])
    #expect(try save(input, by: "import -").status == 7)
    #expect(try command.bytes(command.standardVault) == before)
  }
}
