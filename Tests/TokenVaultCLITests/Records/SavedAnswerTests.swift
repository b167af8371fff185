import Foundation
import Testing
import TokenServerFixture

/// The answer to a login is saved for the record that the command line names.
@Suite struct SavedAnswerTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet")
  }

  private func save(_ words: String, _ json: String) throws -> CommandRunner.Result {
    try command.shell("tokenvault save \(words)", input: json)
  }

  private func record(_ id: String) throws -> [String: Any] {
    let result = try command.run("find", "--id", id, "--json", "--reveal")
    return try result.output.json(as: [String: Any].self) ?? [:]
  }

  private static let answer = """
    {"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600,"scope":"x y","id_token":"i",
    "id":"https://login.example/id/1","user_name":"eve","client_id":"evil","client_secret":"evil",
    "token_endpoint":"https://evil.example","token_endpoint_auth_method":"none","api_domain":"https://evil.example",
    "instance_url":"https://evil.example","error":null}
    """

  @Test func ofAnAnswerNothingIsTakenButTheTokensTheirTypeScopeAndEnd() throws {
    let saved = try save(
      "--user ann --client c --token-endpoint https://bank.example/token --api-domain https://api.example",
      Self.answer)
    #expect(saved.status == 0 && saved.output == "1\n", "\(saved)")
    var record = try record("1")
    for name in ["expires_at", "first_saved_at"] {
      #expect(record.removeValue(forKey: name) != nil)
    }
    #expect(record.removeValue(forKey: "revision") as? Int == 1)
    #expect(
      record as? [String: String] == [
        "id": "1", "user_name": "ann", "client_id": "c", "access_token": "a", "refresh_token": "r",
        "token_type": "Bearer", "scope": "x y", "id_token": "i",
        "token_endpoint": "https://bank.example/token", "api_domain": "https://api.example",
      ])
  }

  @Test func anAnswerUpdatesTheRecordOfTheUserOrTheID() throws {
    try command.run(
      "save",
      input: #"{"user_name":"ann","client_id":"c","client_secret":"s","access_token":"old"}"#)
    for words in [
      "--user ann", "--answer --id 1", "--answer --user ann", "--id 1 --user ann --client c",
    ] {
      let saved = try save(words, #"{"access_token":"\#(words)","id":"77","token_type":"Bearer"}"#)
      #expect(saved.status == 0 && saved.output == "1\n", "\(saved)")
      #expect(try record("1")["access_token"] as? String == words)
    }
    #expect(try record("1")["client_secret"] as? String == "s")
    #expect(try command.run("list", "--json").output.json(as: [Any].self)?.count == 1)
  }

  @Test func anIDOfItsOwnKeepsASecondLoginOfTheSameUser() throws {
    #expect(
      try save("--user ann", #"{"access_token":"1","refresh_token":"r1","scope":"mail"}"#).output
        == "1\n")
    #expect(
      try save("--user ann --id work", #"{"access_token":"2","refresh_token":"r2"}"#).output
        == "work\n")
    #expect(try record("1")["refresh_token"] as? String == "r1")
    #expect(try record("work")["refresh_token"] as? String == "r2")
  }

  @Test func anAnswerForWhatIsNotThereOrIsAnotherClientsIsRefused() throws {
    try command.run("save", input: #"{"user_name":"ann","client_id":"c","access_token":"1"}"#)
    let json = #"{"access_token":"2"}"#
    for (status, sentence, words) in [
      (3, "no token has the id '9'", "--answer --id 9"),
      (7, "belongs to another user", "--id 1 --user ben"),
      (7, "belongs to another client", "--id 1 --user ann --client d"),
      (7, "is at revision 1", "--user ann --if-revision 4"),
    ] as [(Int32, String, String)] {
      try command.expectFailure(
        status, sentence, "tokenvault save \(words)", input: json, #_sourceLocation)
    }
  }

  @Test func whatIsNoAnswerIsRefusedAndChangesNothing() throws {
    try command.run("save", input: #"{"user_name":"ann","access_token":"1","refresh_token":"r"}"#)
    for (sentence, json) in [
      (
        "the server refused: invalid_grant",
        #"{"error":"invalid_grant","error_description":"keep-me"}"#
      ),
      ("has no access_token", "{}"), ("has no access_token", #"{"id":"1"}"#),
      ("not that of a token endpoint", "[]"), ("the server refused: x", "error=x&state=1"),
      ("not that of a token endpoint", #"{"access_token":"2"}{"access_token":"3"}"#),
      ("is the mask", #"{"access_token":"********"}"#), ("is empty", ""),
    ] {
      let errors = try command.expectFailure(
        1, sentence, "tokenvault save --user ann", input: json, #_sourceLocation)
      #expect(!errors.contains("keep-me"))
      #expect(!errors.contains("save --user USER"), "that was done")
    }
  }

  @Test func ofAnAnswerWithAProblemTheRefreshTokenIsKept() throws {
    let result = try save(
      "--user ann", #"{"access_token":"2\u0007","refresh_token":"r2"}"#)
    #expect(
      result.status == 1 && result.errors.contains("only its refresh token is saved"), "\(result)")
    #expect(try record("1")["refresh_token"] as? String == "r2")
    #expect(try record("1")["access_token"] == nil)
    #expect(try save("--user ann", #"{"refresh_token":"r3"}"#).status == 0, "a login without more")
    #expect(try record("1")["refresh_token"] as? String == "r3")
  }

  @Test(arguments: [
    #"{"error":"invalid_grant"}"#, #"{"error":"invalid_grant","id":"1","access_token":"2"}"#,
    #"[{"user_name":"ben","access_token":"2"},{"error":{"code":1},"access_token":"2"}]"#,
    #"{"access_token":"2","id":"https://login.example/id/1","token_type":"Bearer"}"#,
    #"{"access_token":"2","refresh_token":"r","id":"x","expires_in":3600}"#,
    #"{"access_token":"2","refresh_token":"r","id":"x","expires_in_sec":"3600"}"#,
    #"[{"user_name":"ben","access_token":"2"},{"access_token":"2","id":"x","expires_in":60}]"#,
  ])
  func aPlainSaveRefusesWhatATokenEndpointSaysAndNamesTheForm(_ json: String) throws {
    try command.run("save", input: #"{"user_name":"ann","access_token":"1","refresh_token":"r"}"#)
    let errors = try command.expectFailure(
      1, "record", "tokenvault save", input: json, #_sourceLocation)
    #expect(errors.contains("hint: to save a login, say whose it is: tokenvault save --user USER"))
  }

  @Test func aPlainSaveTakesAnAnswerWithoutAnIDOrWithAStoredOne() throws {
    for json in [
      #"{"user_name":"ann","access_token":"1","token_type":"Bearer","expires_in":3600}"#,
      #"{"id":"1","access_token":"2","token_type":"Bearer","expires_in":3600}"#,
      #"{"id":"mine","user_name":"ann","access_token":"3"}"#,
      #"{"id":"","user_name":"ben","access_token":"3","token_type":"Bearer"}"#,
    ] {
      let result = try save("", json)
      #expect(result.status == 0, "\(json): \(result)")
    }
  }

  @Test func theFirstSaveOfAnAnswerMakesTheVaultAndARefusedOneDoesNot() throws {
    let fresh = try CommandRunner()
    for json in ["{}", #"{"error":"x"}"#] {
      #expect(try fresh.run("save", "--user", "ann", input: json).status == 1)
    }
    for words in [["--answer", "--id", "1"], ["--user", "ann", "--if-revision", "2"]] {
      let result = try fresh.wait(
        fresh.start(CommandRunner.command, ["save"] + words, input: #"{"access_token":"1"}"#))
      #expect(result.status == (words.count == 3 ? 3 : 7), "\(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: fresh.file("data")))
    #expect(try fresh.run("save", "--user", "ann", input: #"{"access_token":"1"}"#).output == "1\n")
  }

  @Test(arguments: [
    "--id 1", "--token-endpoint https://x", "--api-domain https://x", "--client c", "--answer",
    "--answer --client c --id 1", "--user ''", "--user ann --id ''", "--user ann --client ''",
    "--user ann --token-endpoint ''", "--user ann --api-domain ''",
  ])
  func theOptionsOfAnAnswerGoTogether(_ words: String) throws {
    #expect(try save(words, #"{"access_token":"1"}"#).status == 64)
  }

  @Test func anotherRefreshTokenForAnotherScopeEndpointOrAPIIsTold() throws {
    let first = """
      {"user_name":"ann","refresh_token":"r1","scope":"mail files","token_endpoint":"https://a.example/token",
      "api_domain":"https://x.example"}
      """
    try command.run("save", input: first)
    for (fields, json) in [
      ("scope", #"{"user_name":"ann","refresh_token":"r2","scope":"calendar"}"#),
      (
        "token_endpoint",
        #"{"user_name":"ann","refresh_token":"r3","token_endpoint":"https://b.example"}"#
      ),
      ("api_domain", #"{"id":"1","refresh_token":"r4","api_domain":"https://y.example"}"#),
      (
        "scope and another api_domain",
        #"{"id":"1","refresh_token":"r5","scope":"z","api_domain":"w"}"#
      ),
    ] {
      let result = try save("", json)
      #expect(result.status == 0 && result.output == "1\n", "\(result)")
      #expect(result.errors.contains("takes the place of one with another \(fields);"), "\(result)")
      #expect(result.errors.contains("with an id of its own (--id"), "\(result)")
    }
    let answer = try save(
      "--user ann", #"{"access_token":"a","refresh_token":"r6","scope":"mail"}"#)
    #expect(answer.errors.contains("another scope;"), "\(answer)")
    for json in [
      #"{"id":"1","refresh_token":"r7","scope":"mail"}"#, #"{"id":"1","scope":"files mail"}"#,
      #"{"id":"1","refresh_token":"r8","scope":"mail files"}"#, #"{"id":"1","refresh_token":"r9"}"#,
    ] {
      #expect(try save("", json).errors == "", "\(json)")
    }
    #expect(try save("--quiet", #"{"id":"1","refresh_token":"r","scope":"q"}"#).errors == "")
  }
}
