import Foundation
import Testing

/// The command `purge`, and `list` by expiry.
@Suite struct PurgeCommandTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.save(
      #"{"user_name":"old","access_token":"s3cret","expires_in":3600}"#,
      #"{"user_name":"renewable","access_token":"2","refresh_token":"r","expires_in":3600}"#,
      #"{"user_name":"soon","access_token":"3","expires_in":90000}"#,
      #"{"user_name":"late","access_token":"4","expires_in":900000}"#,
      #"{"user_name":"odd","access_token":"5","expires_at":"some day"}"#, secondsAgo: 7200)
  }

  private func run(_ arguments: String..., input: String = "") throws -> CommandRunner.Result {
    try command.wait(
      command.start(CommandRunner.command, arguments, input: input, environment: command.key))
  }

  private func users(_ arguments: String...) throws -> [String] {
    let result = try command.wait(
      command.start(
        CommandRunner.command, ["list", "--json"] + arguments, environment: command.key))
    #expect(result.status == 0)
    let records = try result.output.json(as: [[String: Any]].self) ?? []
    return records.compactMap { $0["user_name"] as? String }
  }

  @Test func listSelectsByExpiry() throws {
    #expect(try users("--expired") == ["old", "renewable"])
    // An unknown end is due.
    #expect(try users("--expiring", "24h") == ["soon", "odd"])
    #expect(try users("--expiring", "1000000d") == ["soon", "late", "odd"])
    #expect(try users("--expiring", "0s") == ["odd"])
    #expect(try users().count == 5)
    let table = try run("list", "--expired").output
    #expect(table.contains("old") && !table.contains("soon") && !table.contains("s3cret"))
    #expect(try run("list", "--expired", "--reveal").output.contains("s3cret"))
    #expect(try run("delete", "5").status == 0)
    let nothing = try run("list", "--expiring", "1h")
    #expect(nothing.status == 0 && nothing.output.isEmpty)
    #expect(nothing.errors == "tokenvault: no access token expires within that time\n")
  }

  @Test func expiredRecordsThatNothingCanRenewAreDeletedAndTold() throws {
    let dry = try run("purge", "--expired", "--dry-run")
    #expect(dry.status == 0 && dry.errors.hasPrefix("tokenvault: would delete 1 token\n"))
    #expect(try users().count == 5)
    let none = try run("purge", "--expired", "--older-than", "30d")
    #expect(none.status == 0 && none.output.isEmpty)
    #expect(none.errors == "tokenvault: deleted 0 tokens\n")
    let result = try run("purge", "--expired", "--older-than", "30m")
    #expect(result.status == 0 && result.output == dry.output)
    #expect(
      result.output.wholeMatch(of: /1  old  expired: its access token ended at 20\S+Z\n/) != nil,
      "\(result.output)")
    #expect(
      result.errors == """
        tokenvault: deleted 1 token
        tokenvault: kept 1 expired token that a refresh token can still renew

        """)
    #expect(try users() == ["renewable", "soon", "late", "odd"])
    #expect(
      try !FileManager.default.contentsOfDirectory(
        atPath: command.file("data/tokenvault")
      ).contains("tokens.vault.previous"))
    #expect(try run("check").status == 0)
    #expect(try run("purge", "--expired").status == 0)
  }

  @Test func theResultAsJSONHasWhatAScriptNeeds() throws {
    let rehearsal = try run("purge", "--expired", "--dry-run", "--json").output.json(
      as: [String: Any].self)
    #expect(rehearsal?["dry_run"] as? Bool == true)
    let result = try run("purge", "--expired", "--json")
    #expect(result.errors.isEmpty)
    let object = try result.output.json(as: [String: Any].self)
    let deleted = object?["deleted"] as? [[String: Any]]
    #expect(deleted?.count == 1 && deleted?.first?["id"] as? String == "1")
    #expect(deleted?.first?["user_name"] as? String == "old")
    #expect(deleted?.first?["limit"] as? String == "expired")
    #expect((deleted?.first?["since"] as? String)?.hasSuffix("Z") == true)
    #expect(object?["spared_renewable"] as? Int == 1 && object?["dry_run"] as? Bool == false)
    #expect(
      try run("purge", "--expired", "--json").output
        == #"{"deleted":[],"spared_renewable":1,"dry_run":false}"# + "\n")
  }

  @Test func withoutOptionsTheVaultsLimitsSayWhatToDelete() throws {
    #expect(try run("policy", "set", "--max-age", "1h", "--quiet").status == 0)
    #expect(try run("save", input: #"{"user_name":"new","access_token":"6"}"#).output == "6\n")
    let generation = try #require(try command.generation())
    let result = try run("purge")
    #expect(result.status == 0 && result.output.split(separator: "\n").count == 5, "\(result)")
    #expect(try users() == ["new"])
    #expect(try run("purge").output.isEmpty)
    #expect(try command.generation() == generation + 1)
  }

  @Test func idleRecordsAreDeletedAndUsedOnesAreNot() throws {
    #expect(try run("token", "3").output == "3\n")
    let result = try run("purge", "--idle", "30m", "--quiet")
    #expect(result.errors.isEmpty)
    #expect(result.output.contains("1  old  idle: it was last used at 20"))
    #expect(try users() == ["soon"])
  }

  @Test func purgesAndSavesOfManyProcessesLoseNothingThatLasts() throws {
    let script = """
      tokenvault() { '\(CommandRunner.command)' "$@"; }
      for n in $(seq 20); do
        printf '{"user_name":"%s-%s","access_token":"t","expires_in":3600}{"user_name":"%s-%s-gone","access_token":"t","expires_at":"2020-01-01T00:00:00Z"}' $W $n $W $n | tokenvault save --lock-timeout 120 > out-$W || exit 1
        tokenvault purge --expired --quiet --lock-timeout 120 > out-$W || exit 2
      done
      """
    let workers = try ["a", "b"].map { worker in
      try command.start(
        "/bin/bash", ["-c", "cd '\(command.home)'\n\(script)"],
        environment: command.key.merging(["W": worker]) { $1 })
    }
    for worker in workers {
      let result = try command.wait(worker)
      #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    }
    let left = try users()
    #expect(left.filter { $0.hasPrefix("a-") || $0.hasPrefix("b-") }.count == 40)
    #expect(!left.contains { $0.hasSuffix("-gone") || $0 == "old" })
  }
}
