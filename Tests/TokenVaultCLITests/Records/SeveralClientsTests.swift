import Foundation
import Testing

/// A key that fits records of several clients names none of them.
@Suite struct SeveralClientsTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet")
    try command.run(
      "save",
      input: """
        {"user_name":"ann","client_id":"bank","access_token":"b","refresh_token":"rb"}
        {"user_name":"ann","client_id":"shop","access_token":"s","refresh_token":"rs"}
        """)
  }

  @Test(arguments: [
    ("find --user ann", ""), ("find --match", #"{"user_name":"ann"}"#), ("token --user ann", ""),
    ("token --user ann --min-ttl 5m", ""), ("refresh --user ann -- ./program", ""),
    ("refresh --json --user ann -- ./program", ""),
    ("save", #"{"user_name":"ann","access_token":"new"}"#),
    ("save", #"[{"user_name":"ben","access_token":"b"},{"user_name":"ann","scope":"x"}]"#),
    ("save --user ann", #"{"access_token":"new"}"#),
    ("save --if-revision 0", #"{"user_name":"ann","access_token":"new"}"#),
    ("import -", #"{"user_name":"ann","access_token":"new"}"#),
    ("import --dry-run -", #"{"user_name":"ann","access_token":"new"}"#),
  ])
  func aKeyThatFitsSeveralClientsIsAConflict(_ words: String, _ input: String) throws {
    try command.shell("printf '#!/bin/sh\ntouch called\n' > program; chmod 700 program")
    let errors = try command.expectFailure(
      7, "user_name fits tokens of several clients: '1' of 'bank', '2' of 'shop'",
      "tokenvault \(words)", input: input, #_sourceLocation)
    #expect(errors.contains("hint: name the client: with --user by --client"), "\(errors)")
    #expect(!FileManager.default.fileExists(atPath: command.file("called")))
  }

  @Test func anyKeyMayFitSeveralClientsAndItsTextIsNotTold() throws {
    try command.run("save", input: #"{"id":"x","client_id":"other","refresh_token":"rb"}"#)
    let errors = try command.expectFailure(
      7, "the refresh_token fits", "tokenvault find --match", input: #"{"refresh_token":"rb"}"#,
      #_sourceLocation)
    #expect(!errors.contains("rb"))
  }

  @Test func upToFiveClientsAreListed() throws {
    let records = (3...9).map { #"{"user_name":"ann","client_id":"c\#($0)","access_token":"1"}"# }
    try command.run(
      "save", input: records.joined() + #"{"id":"n","user_name":"ann","access_token":"1"}"#)
    try command.expectFailure(
      7,
      "'1' of 'bank', '2' of 'shop', '3' of 'c3', '4' of 'c4', '5' of 'c5' and of 5 more",
      "tokenvault token --user ann", #_sourceLocation)
  }

  @Test func whoNamesTheClientOrTheIDIsNotAffected() throws {
    #expect(try command.run("token", "--user", "ann", "--client", "shop").output == "s\n")
    #expect(try command.run("token", "1").output == "b\n")
    let shop = #"{"user_name":"ann","client_id":"shop","access_token":"s2"}"#
    #expect(try command.run("save", input: shop).output == "2\n")
    #expect(try command.run("import", "-", input: shop).output.contains("1 unchanged"))
    let saved = try command.run(
      "save", "--user", "ann", "--client", "third", input: #"{"access_token":"t"}"#)
    #expect(saved.output == "3\n")
  }

  @Test(arguments: [
    ("find --user ben", ""), ("token --user ben", ""), ("token --user ben --min-ttl 1s", ""),
    ("refresh --user ben", ""), ("save", #"{"user_name":"ben","scope":"x"}"#),
    ("save --user ben", #"{"access_token":"new"}"#),
    ("import -", #"{"user_name":"ben","scope":"x"}"#),
    ("import --dry-run -", #"{"user_name":"ben","scope":"x"}"#),
  ])
  func ofSeveralRecordsOfOneClientTheOldestIsMeantAndNamed(_ words: String, _ input: String) throws
  {
    try command.run(
      "save",
      input: """
        {"id":"b1","user_name":"ben","client_id":"c","access_token":"1","expires_at":"2100-01-01T00:00:00Z"}
        {"id":"b2","user_name":"ben","client_id":"c","access_token":"2"}
        """)
    let result = try command.shell("tokenvault \(words)", input: input)
    #expect(result.status == 0, "\(result)")
    let warning = "tokenvault: warning: 2 tokens of one client match; the oldest is used: 'b1'\n"
    #expect(result.errors == warning, "\(result)")
    #expect(try command.shell("tokenvault \(words) --quiet", input: input).errors == "")
    #expect(try command.run("token", "b2").output == "2\n")
  }
}
