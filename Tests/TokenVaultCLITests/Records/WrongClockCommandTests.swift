import Foundation
import Testing

/// What the command says where the clock was wrong, or is.
@Suite struct WrongClockCommandTests {
  private static let tenYears: Int64 = 10 * 31_536_000
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private func run(_ arguments: String...) throws -> CommandRunner.Result {
    try command.wait(
      command.start(CommandRunner.command, arguments, environment: command.key))
  }

  private func users(_ arguments: String...) throws -> [String] {
    let result = try command.wait(
      command.start(
        CommandRunner.command, ["list", "--json"] + arguments, environment: command.key))
    return (try result.output.json(as: [[String: Any]].self) ?? []).compactMap {
      $0["user_name"] as? String
    }
  }

  @Test func aTokenThatWasSavedWhileTheClockWasAheadIsPrintedWithAWarning() throws {
    try command.save(
      #"{"user_name":"sure","access_token":"2","expires_in":3600}"#, secondsAgo: 60)
    try command.save(
      #"{"user_name":"ahead","access_token":"1","expires_in":3600}"#, secondsAgo: -Self.tenYears)
    let warning = "unknown: the clock was wrong when it was saved, or is wrong now"
    for line in [["token"], ["token", "--min-ttl", "5m"]] {
      let result = try command.wait(
        command.start(
          CommandRunner.command, line + ["--user", "ahead"], environment: command.key))
      #expect(result.status == 0 && result.output == "1\n", "\(result)")
      #expect(result.errors.contains(warning), "\(result.errors)")
    }
    #expect(try run("find", "--user", "ahead").errors.contains(warning))
    for line in [["token"], ["find"]] {
      let result = try command.wait(
        command.start(CommandRunner.command, line + ["--user", "sure"], environment: command.key))
      #expect(result.status == 0 && result.errors == "", "\(result)")
    }
    let list = try run("list")
    #expect(list.output.contains("\twrong clock\n"))
    #expect(list.errors.contains("the clock was wrong when 1 of these were saved"))
    #expect(try users("--expired") == [])
    #expect(try users("--expiring", "10m") == ["ahead"])
    #expect(try users("--expiring", "2h") == ["sure", "ahead"])
  }

  @Test func aPurgeRefusesWhileTheClockLiesBeforeTheDataKeyAndItsHintHelps() throws {
    // Made by a clock that was ahead.
    try command.save(
      #"{"user_name":"a","access_token":"1","expires_in":3600}"#, secondsAgo: -Self.tenYears)
    for line in [["purge", "--expired"], ["purge", "--expired", "--dry-run", "--json"]] {
      let result = try command.wait(
        command.start(CommandRunner.command, line, environment: command.key))
      #expect(result.status == 1 && result.output == "", "\(result)")
      #expect(result.errors.contains("nothing was purged"), "\(result.errors)")
      #expect(result.errors.contains("hint: set the clock"), "\(result.errors)")
      #expect(result.errors.contains("tokenvault rotate --accept-clock"), "\(result.errors)")
    }
    #expect(try run("status").errors.contains("rotate --accept-clock"))
    #expect(try run("rotate").status == 0)
    #expect(try run("purge", "--expired").status == 1)
    #expect(try run("rotate", "--accept-clock").status == 0)
    #expect(try run("status").errors == "")
    let purge = try run("purge", "--expired")
    #expect(purge.status == 0 && purge.errors == "tokenvault: deleted 0 tokens\n", "\(purge)")
    #expect(try users() == ["a"])
  }
}
