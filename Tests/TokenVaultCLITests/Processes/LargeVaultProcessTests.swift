import Foundation
import Testing

/// Processes that save to a large vault at once, and that are killed as they do.
@Suite struct LargeVaultProcessTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.makeLargeVault()
  }

  private var vault: String { command.standardVault }

  @Test func fourProcessesThatSaveAtOnceLoseNothing() throws {
    let loop = """
      for n in $(seq 10); do
        printf '{"user_name":"%s-%s","access_token":"t"}' $WORKER $n | tokenvault save --lock-timeout 120 || exit 1
        printf '{"user_name":"u%s","%s":"%s"}' $n $FIELD $n | tokenvault save --lock-timeout 120 > /dev/null || exit 1
      done
      """
    let script = "tokenvault() { '\(CommandRunner.command)' \"$@\"; }\n\(loop)"
    let fields = ["scope", "api_domain", "token_type", "redirect_url"]
    let before = try command.bytes(vault)
    let workers = try fields.enumerated().map { index, field in
      try command.start(
        "/bin/bash", ["-c", script], environment: ["WORKER": "w\(index)", "FIELD": field])
    }
    var ids: [Substring] = []
    for worker in workers {
      let result = try command.wait(worker)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      ids += result.output.split(separator: "\n")
    }
    #expect(Set(ids).count == 40)
    let used = try before.prefix(VaultParts(before).logEnd)
    #expect(try command.bytes(vault).starts(with: used), "they are appended")
    let list = try command.run("list", "--json").output.json(as: [[String: Any]].self) ?? []
    #expect(Set(list.compactMap { $0["user_name"] as? String }).count == 2040)
    for number in 1...10 {
      let record = list[number - 1]
      #expect(fields.allSatisfy { record[$0] as? String == "\(number)" })
      #expect(record["revision"] as? Int == 5)
    }
    let check = try command.run("check")
    #expect(check.output == "'\(vault)' is sound: 2040 tokens, generation 82\n")
  }

  /// Whatever the moment, what the command has printed is there, and the next one goes on.
  @Test func aSavingProcessThatIsKilledAgainAndAgainLosesNoAcknowledgedSave() throws {
    // Says which saves are acknowledged, until it is killed.
    let script = """
      for n in $(seq 1000); do
        printf '{"user_name":"%s-%s","access_token":"t"}' $ROUND $n | '\(CommandRunner.command)' save --lock-timeout 60 > /dev/null || exit 1
        echo $ROUND-$n
      done
      """
    var acknowledged: Set<String> = []
    for round in 1...12 {
      let running = try command.start(
        "/bin/bash", ["-c", script], environment: ["ROUND": "r\(round)"])
      // Each round at another moment of a save; the shell leads a group of its own.
      try eventually { try command.bytes(running.output).count >= 5 }
      usleep(UInt32(round * 1700))
      kill(-running.process.processIdentifier, SIGKILL)
      let result = try command.wait(running)
      #expect(result.signal == SIGKILL && result.errors == "", "\(result)")
      // The last line may be cut.
      acknowledged.formUnion(result.output.components(separatedBy: "\n").dropLast())
      let check = try command.run("check")
      #expect(check.status == 0, "\(check)")
    }
    let list = try command.run("list", "--json").output.json(as: [[String: Any]].self) ?? []
    let users = Set(list.compactMap { $0["user_name"] as? String })
    #expect(acknowledged.isSubset(of: users))
    #expect(try command.run("save", input: #"{"access_token":"z"}"#).status == 0)
  }
}
