import Foundation
import Testing

/// What `rotate` does, prints and ends with.
@Suite struct RotateCommandTests: FailingCommandSuite {
  let command: CommandRunner

  init() throws { command = try .withToken() }

  @Test func rotateSaysWhatItDidAndTheTimersWayNeedsNothing() throws {
    let dry = try command.run("rotate", "--dry-run")
    #expect(
      dry.output.hasPrefix("would rotate '\(command.standardVault)': 1 tokens, generation 2\n"))
    let before = try #require(
      try command.run("status", "--json").output.json(as: [String: Any].self))
    let rotated = try command.run("rotate")
    #expect(rotated.status == 0 && rotated.errors == "")
    let after = try #require(
      try command.run("status", "--json").output.json(as: [String: Any].self))
    let (oldKey, newKey) = ("\(before["key_id"] ?? "")", "\(after["key_id"] ?? "")")
    #expect(
      oldKey != newKey
        && rotated.output.contains("slot       default: \(oldKey) -> \(newKey), in '"))
    #expect(
      rotated.output.contains(
        "data key   \(before["data_key_id"] ?? "") -> \(after["data_key_id"] ?? "")"))
    let json = try command.run("rotate", "--keep-key", "--json").output.json(as: [String: Any].self)
    #expect(json?["tokens"] as? Int == 1 && json?["rewrapped"] as? [String] == ["default"])
    #expect(json?["slot"] == nil && json?["dry_run"] as? Bool == false)
    #expect(try command.run("token", "1").output == "1\n")
    try expect(
      4, "the key command cannot be replaced where it is, and nothing was changed",
      "tokenvault rotate --key-command 'cat state/tokenvault/keys/*.key'")
    try expect(64, "--keep-key makes no new key", "tokenvault rotate --keep-key --new-key-file x")
    let moved = try command.shell(
      "tokenvault rotate --new-key-file new.key && tokenvault token 1 --key-file new.key && tokenvault token 1"
    )
    #expect(moved.status == 4 && moved.output.hasSuffix("new.key'\n1\n"), "\(moved)")
  }

  @Test func aRecoveryCodeIsRenewedAndShownInTheSameObject() throws {
    try command.shell("tokenvault key add --name paper --recovery > code")
    let rotated = try command.shell("tokenvault rotate --recovery-fd 0 --json < code")
    let object = try rotated.output.json(as: [String: Any].self)
    let code = try #require(object?["recovery_code"] as? String)
    #expect(object?["slot"] as? String == "paper" && object?["tokens"] as? Int == 1)
    #expect(try command.run("token", "1", "--recovery-fd", "0", input: code).output == "1\n")
    try expect(4, "it opens none of the key slots", "tokenvault list --recovery-fd 0 < code")
    let unseen = try command.shell(
      "tokenvault rotate --recovery-fd 3 3<<< '\(code)' > /dev/full")
    #expect(
      unseen.status == 4
        && unseen.errors.contains("could not be shown: standard output cannot be written"),
      "\(unseen.errors)")
    #expect(try command.run("token", "1", "--recovery-fd", "0", input: code).output == "1\n")
    try expect(
      64, "which is for no key", "tokenvault rotate --recovery-fd 3 --new-key-file n 3<<< '\(code)'"
    )
    try expect(64, "which is for no passphrase", "tokenvault rotate --new-passphrase-fd 3 3<<< x")
  }

  /// Under strace, which kills a rotation before a system call of our choice. Every second call from the lock on,
  /// beginning with the first or the second; all calls with TOKENVAULT_TEST_FULL=1.
  @Test func aRotationKilledBeforeAnySystemCallLeavesAVaultThatOpens() throws {
    try command.run(
      "save", input: #"[{"user_name":"b","access_token":"2"},{"user_name":"c","access_token":"3"}]"#
    )
    try command.shell("cp -a data before; cp -a state before/state")
    let log = command.file("strace.log")
    _ = try command.wait(
      command.start("/usr/bin/strace", ["-f", "-o", log, CommandRunner.command, "rotate"]))
    var calls = try SystemCall.calls(
      String(decoding: command.bytes(log), as: UTF8.self), oursFrom: "tokens.vault.lock")
    // The vault, its key, and what is remembered of the slots, before and after.
    #expect(calls.count { $0.name == "rename" } == 4 && calls.contains { $0.name == "linkat" })
    calls = calls.filter {
      (CommandRunner.isFullTest || $0.isOurs) && $0.name != "execve" && !$0.isOfMemory
    }
    #expect(calls.count > 30)
    let first = CommandRunner.isFullTest ? 0 : Int.random(in: 0...1)
    for call in stride(from: first, to: calls.count, by: CommandRunner.isFullTest ? 1 : 2)
      .map({ calls[$0] })
    {
      try command.shell("rm -rf data state; cp -a before data; mv data/state state")
      let killed = try command.wait(
        command.start(
          "/usr/bin/strace",
          [
            "-f", "-o", "/dev/null", "-e", "trace=\(call.name)", "-e",
            "inject=\(call.name):signal=KILL:when=\(call.count)", CommandRunner.command, "rotate",
          ]))
      #expect(killed.signal == SIGKILL, "\(call)")
      let list = try command.run("list", "--json")
      #expect(
        try list.output.json(as: [Any].self)?.count == 3, "killed before \(call): \(list.errors)")
      let again = try command.run("rotate")
      #expect(again.status == 0, "after a kill before \(call): \(again.errors)")
      #expect(try command.run("token", "3").output == "3\n")
      #expect(
        try command.shell("ls data/tokenvault state/tokenvault/keys | grep -cE 'new|staged|check'")
          .output == "0\n")
    }
  }
}
