import Foundation
import Testing
import TokenVault

@testable import TokenVaultCLI

/// What the commands about keys do, print and end with.
@Suite struct KeyCommandsTests: FailingCommandSuite {
  let command: CommandRunner

  init() throws { command = try .withToken() }

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
    #expect(made.errors.contains("it is opened by the passphrase\n"))
    #expect(made.errors.contains("unless the passphrase can be guessed"))
    #expect(!made.errors.contains("secret") || made.errors.contains("secrets"))
    try expect(
      64, "give --passphrase or a key", "tokenvault init --vault w --passphrase --key-file k")
    let json = try command.run("init", "--vault", command.file("j"), "--recovery", "--json")
      .output.json(as: [String: Any].self)
    #expect((json?["recovery_code"] as? String)?.count == 69)
  }
}
