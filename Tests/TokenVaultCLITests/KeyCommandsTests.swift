import Foundation
import Testing
import TokenVault

@testable import TokenVaultCLI

/// What the commands about keys do, print and end with.
@Suite struct KeyCommandsTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet")
    try command.run("save", input: #"{"user_name":"a","access_token":"1"}"#)
  }

  private func expect(
    _ status: Int32, _ sentence: String, _ line: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    try command.expectFailure(status, sentence, line, location)
  }

  @Test func slotsAreAddedListedAndRemoved() throws {
    let lines = """
      tokenvault key add --name web --key-file web.key &&
      printf 'secret\\n' | tokenvault key add --name ann --passphrase --new-passphrase-fd 0 &&
      tokenvault key add --name paper --recovery > code &&
      tokenvault list --key-file web.key &&
      printf 'secret' | tokenvault list --passphrase-fd 0 &&
      tokenvault list --recovery-fd 0 < code &&
      tokenvault key list &&
      tokenvault --json key list | python3 -c 'import json,sys; l=json.load(sys.stdin); print([(s["name"], s["kind"], s["in_use"]) for s in l["slots"]], l["data_key_age_days"])'
      """
    let result = try command.shell(lines)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("added the key slot 'web' (key, key "))
    #expect(
      result.output.contains(
        "[('default', 'key', True), ('web', 'key', False), ('ann', 'passphrase', False), ('paper', 'recovery', False)] 0"
      ))
    #expect(
      result.output.firstMatch(of: /default +key +\d{4}-\d\d-\d\d +- +[0-9a-f]{16} \(in use\)/)
        != nil)
    #expect(result.output.firstMatch(of: /data key [0-9a-f]{16}, made \d+ s ago/) != nil)
    try expect(7, "the key slot 'web' has this name", "tokenvault key add --name web --recovery")
    try expect(7, "this key already", "tokenvault key add --name w2 --key-file web.key")
    try expect(64, "is no name for a key slot", "tokenvault key add --name 'a b' --recovery")
    try expect(3, "there is no key slot 'none'", "tokenvault key remove none")
    try expect(64, "give one of --key-file", "tokenvault key add --name x")
    try expect(64, "give one of --key-file", "tokenvault key add --name x --recovery --passphrase")
    try expect(64, "give one key, not 2", "tokenvault list --key-file a --passphrase-fd 0")
    let removed = try command.shell(
      "for s in default ann paper; do tokenvault key remove $s --key-file web.key || exit; done")
    #expect(removed.status == 0 && removed.errors.contains("tokenvault rotate"))
    try expect(
      7, "the key slot 'web' is the last one", "tokenvault key remove web --key-file web.key")
    try expect(4, "none of this vault's", "tokenvault list")
    try expect(4, "it opens none of the key slots", "tokenvault list --recovery-fd 0 < code")
  }

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

  @Test func anOlderVaultIsTenUntilItIsAccepted() throws {
    try command.shell("cp data/tokenvault/tokens.vault old")
    try command.run("save", input: #"{"user_name":"b","access_token":"2"}"#)
    try command.shell("cp old data/tokenvault/tokens.vault")
    for line in ["list", "token 1", "rotate", "key list", "status", "check", "export --plaintext"] {
      try expect(
        10, "was rolled back: it is at generation 2, but this host has seen generation 3",
        "tokenvault \(line)")
    }
    let refused = try command.run("save", input: #"{"access_token":"3"}"#)
    #expect(
      refused.status == 10 && refused.errors.contains("hint: if a backup was put back on purpose"))
    #expect(try command.run("list", "--accept-rollback").status == 0)
    #expect(try command.run("list").status == 0)
  }

  @Test func restoreBringsThePreviousSnapshotBack() throws {
    try command.run("save", input: #"{"user_name":"b","access_token":"2"}"#)
    let restored = try command.run("restore")
    #expect(restored.status == 0)
    let vault = command.standardVault
    #expect(restored.output.hasPrefix("restored '\(vault)': '\(vault).previous' is from 20"))
    #expect(
      restored.output.hasSuffix(
        "Z, of generation 2, but this host has seen generation 3: 1 token and 1 generation behind; "
          + "1 tokens, now generation 4; "
          + "what was there is '\(vault).previous'\n"))
    #expect(try command.run("list", "--json").output.json(as: [Any].self)?.count == 1)
    try expect(9, "there is no copy of the vault at '", "tokenvault restore --from nothing")
    try command.shell("rm data/tokenvault/tokens.vault")
    try expect(9, "but its previous snapshot is at", "tokenvault list")
    let json = try command.run("restore", "--json").output.json(as: [String: Any].self)
    #expect(json?["tokens"] as? Int == 2 && json?["replaced"] == nil)
    try expect(5, "is damaged", "echo x > bad; chmod 600 bad; tokenvault restore --from bad")
  }

  @Test func statusWarnsOfADataKeyOlderThanItMayBe() throws {
    let vault = try Vault.create(
      VaultConfiguration(path: command.file("v"), key: .file(command.file("k"))))
    let status = try vault.status()
    func warning(_ days: Int64, limit: Int64 = KeyAge.standardLimit) throws -> String? {
      let later = try #require(status.dataKeyMade.adding(seconds: days * 86_400))
      return KeyAge(status, now: later).warning(limit: limit)
    }
    #expect(try warning(90) == nil)
    #expect(
      try warning(91)
        == "warning: the data key is 91 days old, and should be rotated: tokenvault rotate "
        + "--vault '\(status.path)'")
    #expect(try warning(2, limit: 86_400) != nil && warning(1, limit: 86_400) == nil)

    #expect(try command.run("status").errors == "")
    let due = try command.run("status", "--json").output.json(as: [String: Any].self)
    #expect(due?["rotation_due"] as? Bool == false && due?["data_key_age_days"] as? Int == 0)
    let variable = try command.run("status", environment: ["TOKENVAULT_MAX_KEY_AGE": "soon"])
    #expect(variable.status == 64)
    #expect(try command.run("status", environment: ["TOKENVAULT_MAX_KEY_AGE": "30d"]).status == 0)
    #expect(try command.run("status", "--max-key-age", "1x").status == 64)
  }

  @Test func theKeyringMayBeForbidden() throws {
    try command.shell(
      "printf 'secret' | tokenvault key add --name ann --passphrase --new-passphrase-fd 0")
    let strace = [
      "-f", "-o", "/dev/null", "-e", "trace=add_key,keyctl", "-e", "inject=add_key:error=EPERM",
      "-e",
      "inject=keyctl:error=ENOSYS", CommandRunner.command,
    ]
    func run(_ arguments: String..., input: String = "") throws -> CommandRunner.Result {
      try command.wait(
        command.start("/usr/bin/strace", strace + arguments, input: input))
    }
    for verb in ["unlock", "lock"] {
      let result = try run(verb)
      #expect(result.status == 1)
      #expect(
        result.errors
          == "tokenvault: the kernel's keyring cannot be used: keyctl: function not implemented\n",
        "\(result.errors)")
    }
    #expect(try run("token", "1").output == "1\n")
    #expect(try run("token", "1", "--passphrase-fd", "0", input: "secret").output == "1\n")
    try command.shell("rm state/tokenvault/keys/*.key")
    let without = try run("token", "1")
    #expect(
      without.status == 4
        && without.errors.contains("kernel keyring: keyctl: function not implemented"))
  }

  @Test func initMakesAVaultForAPassphraseAndPrintsARecoveryCode() throws {
    let made = try command.shell(
      "printf 'secret' | tokenvault init --vault v --passphrase-fd 0 --recovery > code; echo $?; tokenvault list --vault v --recovery-fd 0 < code; printf secret | tokenvault key list --vault v --passphrase-fd 0"
    )
    #expect(made.output.hasPrefix("0\n") && made.output.contains("passphrase  passphrase"))
    #expect(made.output.contains("recovery    recovery"))
    #expect(made.errors.contains("it is opened by the passphrase: "))
    #expect(made.errors.contains("not against a passphrase that can be guessed"))
    #expect(!made.errors.contains("secret") || made.errors.contains("secrets"))
    try expect(
      64, "give --passphrase or a key", "tokenvault init --vault w --passphrase --key-file k")
    let json = try command.run("init", "--vault", command.file("j"), "--recovery", "--json")
      .output.json(as: [String: Any].self)
    #expect((json?["recovery_code"] as? String)?.count == 69)
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
