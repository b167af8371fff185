import Foundation
import Testing

/// The commands on records: what they print and end with.
@Suite struct RecordCommandsTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  @Test func savePrintsOneIDALineForObjectsArraysAndLines() throws {
    #expect(
      try command.run("save", input: #"{"user_name":"a","access_token":"1"}"#).output == "1\n")
    #expect(
      try command.run(
        "save", input: #"[{"user_name":"b","access_token":"1"},{"user_name":"a","scope":"s"}]"#
      ).output == "2\n1\n")
    let lines =
      "{\"user_name\":\"c\",\"access_token\":\"1\"}\n{\"user_name\":\"d\",\"access_token\":\"1\"}\n"
    try command.write(lines, to: command.file("lines"))
    #expect(try command.run("set", command.file("lines")).output == "3\n4\n")
    let json = try command.run("save", "--json", input: #"{"user_name":"a","scope":"t"}"#).output
    let outcomes = try json.json(as: [[String: Any]].self)
    #expect(
      outcomes?.first?["change"] as? String == "updated"
        && outcomes?.first?["revision"] as? Int == 3)
  }

  @Test func findMasksSecretsUnlessRevealed() throws {
    try command.run(
      "save", input: #"{"user_name":"a","access_token":"s3cret","mine":"s3cret","expires_in":3600}"#
    )
    for arguments in [
      ["find", "--id", "1"], ["get", "--user", "a"], ["list"], ["ls", "--json"],
      ["find", "--id", "1", "--json"],
    ] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(result.status == 0 && !result.output.contains("s3cret"))
    }
    let found = try command.run(
      "find", "--match", "--reveal", "--json", input: #"{"access_token":"s3cret"}"#)
    let record = try found.output.json(as: [String: Any].self)
    #expect(
      record?["access_token"] as? String == "s3cret" && record?["mine"] as? String == "s3cret")
    let expiry = try #require(record?["expires_at"] as? String)
    #expect(expiry.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    let list = try command.run("--json", "--reveal", "list").output.json(as: [[String: Any]].self)
    #expect(list?.count == 1 && list?.first?["access_token"] as? String == "s3cret")
  }

  @Test func aMaskIsNeverSavedAsASecret() throws {
    try command.run("save", input: #"{"user_name":"a","access_token":"real"}"#)
    let masked = try command.run("find", "--user", "a", "--json").output
    let result = try command.run("save", input: masked)
    #expect(result.status == 1 && result.errors.contains("is the mask"))
    #expect(try command.run("token", "1").output == "real\n")
  }

  @Test func tokenPrintsTheAccessTokenAndANewline() throws {
    try command.run(
      "save",
      input:
        #"[{"user_name":"a","client_id":"c","access_token":"t1"},{"user_name":"a","client_id":"d","access_token":"t2"},{"refresh_token":"r"}]"#
    )
    #expect(try command.run("token", "2").output == "t2\n")
    #expect(try command.run("token", "--user", "a").status == 7)
    #expect(try command.run("token", "--user", "a", "--client", "c").output == "t1\n")
    #expect(try command.run("token", "--user", "a", "--client", "d").output == "t2\n")
    #expect(try command.run("token", "3").status == 3)
    #expect(try command.run("token", "4").status == 3)
    let json = try command.run("token", "1", "--json").output.json(as: [String: String].self)
    #expect(json == ["id": "1", "access_token": "t1"])
    try command.run("save", input: #"{"id":"1","expires_at":"2020-01-01T00:00:00Z"}"#)
    let expired = try command.run("token", "1")
    #expect(expired.status == 0 && expired.output == "t1\n" && expired.errors.contains("expired"))
    #expect(try command.run("token", "1", "--quiet").errors == "")
  }

  @Test func deletesAreAllOrNoneAndAllNeedsAYes() throws {
    try command.run(
      "save", input: #"[{"access_token":"1"},{"access_token":"2"},{"access_token":"3"}]"#)
    let unknown = try command.run("delete", "1", "9")
    #expect(unknown.status == 3 && unknown.errors.contains("'9'"))
    #expect(try command.run("rm", "1", "2").status == 0)
    #expect(try command.run("list", "--json").output.json(as: [Any].self)?.count == 1)
    for arguments in [
      ["delete", "--all"], ["delete", "--all", "--no-input"], ["delete"], ["delete", "--all", "3"],
    ] {
      #expect(try command.wait(command.start(CommandRunner.command, arguments)).status == 64)
    }
    #expect(try command.run("delete", "--all", "--yes").status == 0)
    #expect(try command.run("list", "--json").output == "[]\n")
  }

  @Test func aDemandedRevisionThatIsGoneIsAConflict() throws {
    try command.run("save", input: #"{"user_name":"a","access_token":"1"}"#)
    #expect(
      try command.run("save", "--if-revision", "1", input: #"{"user_name":"a","access_token":"2"}"#)
        .status == 0)
    let late = try command.run(
      "save", "--if-revision", "1", input: #"{"user_name":"a","access_token":"3"}"#)
    #expect(late.status == 7 && late.errors.contains("is at revision 2"))
    #expect(try command.run("delete", "1", "--if-revision", "1").status == 7)
    #expect(try command.run("save", input: #"{"id":"1","user_name":"b"}"#).status == 7)
    #expect(
      try command.run("save", "--if-revision", "0", input: #"{"user_name":"z","access_token":"3"}"#)
        .status == 0)
    #expect(try command.run("delete", "1", "--if-revision", "2").status == 0)
    #expect(
      try command.run("save", "--if-revision", "1", input: #"[{"id":"2"},{"id":"2"}]"#).status == 64
    )
  }
}
