import Foundation
import Testing
import TokenServerFixture

/// `refresh` and `token --min-ttl`, against servers good and bad.
@Suite struct RefreshCommandTests {
  let command: CommandRunner
  let server: TokenServer

  init() throws {
    command = try CommandRunner()
    server = try TokenServer()
    try command.run("init", "--quiet")
  }

  private func save(
    _ user: String, at path: String, expires: String = "2020-01-01T00:00:00Z"
  ) throws {
    let record = """
      {"user_name":"\(user)","client_id":"c","client_secret":"s3cret","access_token":"old-\(user)",
      "refresh_token":"\(user).0","expires_at":"\(expires)","token_endpoint":"\(server.url)\(path)"}
      """
    #expect(try command.run("save", input: record).status == 0)
  }

  private func record(_ user: String) throws -> [String: Any] {
    let found = try command.run("find", "--user", user, "--json", "--reveal")
    return try found.output.json() ?? [:]
  }

  @Test(arguments: [
    ("/hang", 1, "there was no answer within 3 s"), ("/half", 1, "the answer ended too early"),
    ("/500", 1, "status 500"), ("/redirect", 1, "a redirect (302), which is not followed"),
    ("/html", 1, "text/html and not JSON"), ("/big", 1, "longer than 1000000 bytes"),
    ("/busy", 1, "asked again in 120 s"), ("/refuse", 11, "invalid_grant"),
    ("/client", 11, "invalid_client"), ("/ok200error", 11, "invalid_code"),
    ("/noaccess", 1, "the answer has no access_token"), ("/echo", 11, "invalid_grant"),
  ])
  func aBadServerIsAClearErrorAndNothingIsLost(
    _ path: String, _ status: Int32, _ sentence: String
  ) throws {
    try save("ann", at: path)
    for line in [["token", "--user", "ann", "--min-ttl", "5m"], ["refresh", "--user", "ann"]] {
      // The first call of a server that never answers takes as long as it may; the second is refused.
      let timeout = path == "/hang" && line[0] == "token" ? "3s" : "10m"
      let result = try command.wait(
        command.start(CommandRunner.command, line + ["--timeout", timeout]))
      if timeout == "3s" { try eventually { try server.log().families["ann"] != nil } }
      // These have used the token, and the second call hears of that.
      let isMystery = line[0] == "refresh" && ["/hang", "/half"].contains(path)
      #expect(
        result.status == (isMystery ? 11 : status) && result.output == "", "\(line): \(result)")
      #expect(result.errors.contains("was never answered") == isMystery)
      #expect(result.errors.hasPrefix("tokenvault: "), "\(result.errors)")
      #expect(!result.errors.contains("s3cret") && !result.errors.contains("ann.0"))
      if line[0] == "token" { #expect(result.errors.contains(sentence), "\(result.errors)") }
      if ["/refuse", "/client", "/ok200error", "/echo", "/busy"].contains(path) {
        #expect(result.errors.contains(sentence), "\(result.errors)")
      }
    }
    let left = try record("ann")
    #expect(left["access_token"] as? String == "old-ann")
    #expect(left["refresh_token"] as? String == (path == "/noaccess" ? "ann.2" : "ann.0"))
    #expect(try command.run("check").status == 0)
  }

  @Test func aTokenThatHasEndedAlreadyIsPrintedByTheRefreshThatBroughtIt() throws {
    try save("ann", at: "/negative")
    for number in 1...2 {
      let result = try command.run("token", "--user", "ann", "--min-ttl", "5m")
      #expect(result.status == 0 && result.output == "ann-access-\(number)\n", "\(result)")
      #expect(result.errors.contains("live for 0 s, so that they are due at once"), "\(result)")
    }
    #expect(try record("ann")["refresh_token"] as? String == "ann.2")
  }

  @Test func aRejectedTokenIsNotSentAgainUntilAPersonSaysSo() throws {
    try save("ann", at: "/refuse")
    for _ in 1...3 { #expect(try command.run("refresh", "--user", "ann").status == 11) }
    #expect(try server.log().total == 1)
    #expect(try command.run("list").output.contains("log in again"))
    #expect(try command.run("refresh", "--user", "ann", "--force").status == 11)
    #expect(try server.log().total == 2)
    let all = try command.run("refresh", "--all", "--json")
    #expect(
      all.status == 0 && all.errors.contains("wait for a new login, and were skipped: '1'"))
    let told: [String: Any] = try all.output.json() ?? [:]
    #expect(told["result"] as? String == "rejected")
    #expect(try server.log().total == 2)
  }

  @Test func aTokenThatIsStillValidIsPrintedWithAWarning() throws {
    let soon = Date.now.addingTimeInterval(3600).ISO8601Format()
    try save("ann", at: "/500", expires: soon)
    let result = try command.run("token", "--user", "ann", "--min-ttl", "5h")
    #expect(result.status == 0 && result.output == "old-ann\n")
    #expect(result.errors.contains("warning: ") && result.errors.contains("status 500"))
    #expect(try command.run("token", "--user", "ann", "--min-ttl", "5h", "--quiet").errors == "")
    #expect(try command.run("refresh", "--user", "ann", "--force").status == 1)
  }

  @Test func aServerWhoseTokensLiveForLessThanIsAskedIsToldOf() throws {
    try save("ann", at: "/token")
    let result = try command.run("token", "--user", "ann", "--min-ttl", "2h")
    #expect(result.status == 0 && result.output == "ann-access-1\n")
    // An hour, less what has passed of it.
    #expect(
      result.errors.contains(/live for [0-9]+ (min|s), less than --min-ttl/), "\(result.errors)")
  }

  @Test func refreshOfAllTellsOfEachAndEndsWithWhatIsGravest() throws {
    try save("good", at: "/token")
    try save("fresh", at: "/token", expires: "2999-01-01T00:00:00Z")
    try save("bad", at: "/500")
    try save("refused", at: "/client")
    try command.run(
      "save", input: #"{"user_name":"bare","access_token":"a","expires_at":"2020-01-01T00:00:00Z"}"#
    )
    let result = try command.run("refresh", "--all", "--json")
    #expect(result.status == 11, "\(result)")
    let lines = try result.output.split(separator: "\n").map { line -> String in
      let object: [String: Any] = try String(line).json() ?? [:]
      return "\(object["user_name"] ?? "") \(object["result"] ?? "")"
    }
    #expect(
      lines.sorted() == [
        "bad failed", "bare lacking", "fresh fresh", "good refreshed", "refused failed",
      ])
    #expect(result.errors.contains("2 of 5 tokens could not be refreshed"))
    #expect(result.errors.contains("cannot be refreshed, and were skipped: '5'"))
    #expect(
      try command.run("find", "--user", "bare", "--json").output.contains("refresh_state") == false)
    // The output is lost, and the work is not.
    let closed = try command.shell("tokenvault refresh --user fresh --force >&-")
    #expect(closed.status == 1 && closed.errors.contains("standard output cannot be written"))
    #expect(try record("fresh")["access_token"] as? String == "fresh-access-1")
  }

  @Test func aRecordThatLacksWhatItTakesSaysWhat() throws {
    try command.run("save", input: #"{"user_name":"a","refresh_token":"r","client_id":"c"}"#)
    try command.run(
      "save", input: #"{"user_name":"b","access_token":"t","expires_at":"2020-01-01T00:00:00Z"}"#)
    try command.run(
      "save",
      input:
        #"{"user_name":"c","refresh_token":"r","client_id":"c","token_endpoint":"http://evil.example/t"}"#
    )
    for (user, what) in [
      ("a", "it has no token_endpoint"), ("b", "it has no refresh_token"),
      ("c", "its token_endpoint is not https"),
    ] {
      let result = try command.run("refresh", "--user", user)
      #expect(result.status == 11 && result.errors.contains(what), "\(result)")
    }
  }

  @Test(arguments: [
    "refresh", "refresh 1 --all", "refresh 1 --user a", "refresh ''", "refresh 1 --",
    "refresh 1 --min-ttl 5", "refresh 1 --timeout 0s", "refresh 1 --timeout 2d", "refresh 1 -- ''",
    "token 1 --timeout 5s", "token 1 --min-ttl soon", "token --min-ttl 5m",
  ])
  func wrongUseIsAUsageError(_ line: String) throws {
    let result = try command.shell("tokenvault \(line)")
    #expect(result.status == 64 && result.errors.hasPrefix("tokenvault: "), "\(result)")
  }
}
