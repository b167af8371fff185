import Foundation
import Testing

@testable import TokenVault

/// What this host remembers, by the built command: exit codes, what reaches the attacker, and the vault's bytes.
@Suite struct HostMemoryCommandTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    for name in ["prod", "test"] {
      try make(name)
      try save(name, user: "me", token: name.uppercased())
    }
  }

  private func vault(_ name: String) -> String { command.file("\(name).vault") }

  private func make(_ name: String) throws {
    let result = try command.run("init", "--quiet", "--vault", vault(name))
    try #require(result.status == 0, "\(result)")
  }

  private func save(_ name: String, user: String, token: String) throws {
    let result = try command.run(
      "save", "--quiet", "--vault", vault(name),
      input: #"{"user_name":"\#(user)","access_token":"\#(token)"}"#)
    try #require(result.status == 0, "\(result)")
  }

  private func token(_ name: String, _ options: String...) throws -> CommandRunner.Result {
    try command.shell(
      "tokenvault token --user me --vault '\(vault(name))' \(options.joined(separator: " "))")
  }

  /// Exit 10 with a hint at the option, nothing on standard output, and the vault as it was.
  private func expectRefused(
    _ line: String, _ option: String, leaving path: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try path.map { try command.bytes($0) }
    let result = try command.shell("tokenvault \(line)")
    #expect(result.status == 10 && result.output.isEmpty, "\(result)", sourceLocation: location)
    #expect(result.errors.contains(option), "\(result)", sourceLocation: location)
    if let path {
      #expect(try command.bytes(path) == before, sourceLocation: location)
    }
  }

  @Test func aTokenOfAnotherVaultThatWasSwappedInIsNotPrinted() throws {
    try command.shell("mv prod.vault x && mv test.vault prod.vault && mv x test.vault")
    for line in ["token --user me", "list", "delete 1", "rotate", "export --plaintext", "repair"] {
      try expectRefused(
        "\(line) --vault '\(vault("prod"))' < /dev/null", "--accept-other-vault",
        leaving: vault("prod"))
      // It is another decision.
      try expectRefused(
        "\(line) --vault '\(vault("prod"))' --accept-rollback < /dev/null",
        "--accept-other-vault", leaving: vault("prod"))
    }
    #expect(try token("prod", "--accept-other-vault").output == "TEST\n")
    #expect(try token("prod").output == "TEST\n")
  }

  @Test func noVaultIsMadeSilentlyWhereOneWas() throws {
    try command.shell("tokenvault save <<< '{\"user_name\":\"a\",\"access_token\":\"1\"}'")
    for path in [vault("prod"), command.standardVault] {
      try command.shell("rm '\(path)' && rm -f '\(path).previous'")
    }
    #expect(try token("prod").status == 9)
    try expectRefused("init --vault '\(vault("prod"))'", "--accept-other-vault")
    try expectRefused(
      "save <<< '{\"user_name\":\"a\",\"access_token\":\"1\"}'", "--accept-other-vault")
    #expect(!FileManager.default.fileExists(atPath: vault("prod")))
    #expect(!FileManager.default.fileExists(atPath: command.standardVault))
    let made = try command.run("init", "--vault", vault("prod"), "--accept-other-vault")
    #expect(made.status == 0, "\(made)")
  }

  @Test func aSnapshotOfAnotherStoreIsNotRestoredSilently() throws {
    try command.shell("rm prod.vault && cp -p test.vault prod.vault.previous")
    try expectRefused("restore --vault '\(vault("prod"))'", "--accept-other-vault")
    #expect(!FileManager.default.fileExists(atPath: vault("prod")))
  }

  @Test func anOlderVaultIsNoticedAlsoWhereOthersCouldReadWhatIsRemembered() throws {
    try command.shell("cp -p prod.vault old")
    try save("prod", user: "other", token: "2")
    try command.shell("chmod 644 state/tokenvault/vaults/* && cp -p old prod.vault")
    let result = try token("prod")
    #expect(result.status == 10 && result.output.isEmpty, "\(result)")
    #expect(result.errors.contains("warning: others could read"), "\(result)")
    try expectRefused(
      "list --vault '\(vault("prod"))'", "--accept-rollback", leaving: vault("prod"))
    try expectRefused(
      "list --vault '\(vault("prod"))' --accept-other-vault", "--accept-rollback",
      leaving: vault("prod"))
    #expect(try token("prod", "--accept-rollback").output == "PROD\n")
  }

  @Test func anotherVersionOfTheSameGenerationIsNoticedEitherWay() throws {
    try command.shell("cp -p prod.vault old")
    try save("prod", user: "me", token: "A")
    try command.shell("cp -p prod.vault a && cp -p old prod.vault")
    // As another host would have saved.
    try command.shell(
      "TOKENVAULT_STATE_DIR=\"$HOME/elsewhere\" tokenvault save --quiet --vault prod.vault",
      input: #"{"user_name":"me","access_token":"B"}"#)
    try expectRefused(
      "token --user me --vault '\(vault("prod"))'", "--accept-rollback", leaving: vault("prod"))
    #expect(try token("prod", "--accept-rollback").output == "B\n")
    try command.shell("cp -p a prod.vault")
    try expectRefused(
      "token --user me --vault '\(vault("prod"))'", "--accept-rollback", leaving: vault("prod"))
  }

  @Test func aRestoreSaysThatANewerOneWasSeen() throws {
    try command.shell("cp -p prod.vault old")
    for number in 3...10 { try save("prod", user: "me", token: "\(number)") }
    let result = try command.run("restore", "--vault", vault("prod"), "--from", command.file("old"))
    #expect(
      result.status == 10 && result.errors.contains("this host has seen generation 10"), "\(result)"
    )
    let accepted = try command.run(
      "restore", "--vault", vault("prod"), "--from", command.file("old"), "--accept-rollback",
      "--json")
    let report = try #require(try accepted.output.json(as: [String: Any].self), "\(accepted)")
    #expect(report["seen_generation"] as? Int == 10 && report["generation"] as? Int == 11)
  }

  @Test func whereNothingCanBeRememberedStatusSaysSoAndNothingFails() throws {
    let nowhere = ["TOKENVAULT_STATE_DIR": "/proc/nowhere"]
    for (environment, isRemembered) in [([:], true), (nowhere, false)] {
      let line = ["status", "--vault", vault("prod")]
      let text = try command.wait(
        command.start(CommandRunner.command, line, environment: environment))
      #expect(text.status == 0)
      #expect(text.output.contains("remembers   nothing of this vault") == !isRemembered, "\(text)")
      let json = try command.wait(
        command.start(CommandRunner.command, line + ["--json"], environment: environment))
      let status = try #require(try json.output.json(as: [String: Any].self))
      #expect(status["remembered"] as? Bool == isRemembered)
    }
  }

  @Test func aStateDirectoryCanBeNamed() throws {
    let result = try command.run(
      "status", "--vault", vault("prod"),
      environment: ["TOKENVAULT_STATE_DIR": command.file("container")])
    #expect(result.status == 0 && !result.output.contains("remembers"), "\(result)")
    #expect(FileManager.default.fileExists(atPath: command.file("container/vaults")))
  }

  // MARK: Slots

  /// A slot that another host has added, which is all that a reader can tell of one that was planted.
  private func addElsewhere(_ name: String) throws {
    let result = try command.shell(
      "TOKENVAULT_STATE_DIR=\"$HOME/elsewhere\" tokenvault key add --name \(name) --recovery "
        + "--quiet --vault prod.vault > code")
    try #require(result.status == 0, "\(result)")
  }

  @Test func anotherSlotIsWarnedOfMarkedRefusedAndAcceptedOrDropped() throws {
    try addElsewhere("spy")
    let opened = try token("prod")
    #expect(opened.status == 0 && opened.output == "PROD\n")
    #expect(opened.errors.contains("warning: ") && opened.errors.contains("'spy'"), "\(opened)")
    let list = try command.run("key", "list", "--vault", vault("prod"))
    let marked = list.output.split(separator: "\n").filter { $0.contains("(not accepted)") }
    #expect(marked.count == 1 && marked[0].hasPrefix("spy"), "\(list)")
    for option in ["", "--keep-key", "--dry-run"] {
      try expectRefused(
        "rotate \(option) --vault '\(vault("prod"))'", "tokenvault key accept",
        leaving: vault("prod"))
    }
    let before = try command.bytes(vault("prod"))
    let accepted = try command.run("key", "accept", "--vault", vault("prod"))
    #expect(accepted.status == 0 && accepted.output.contains("'spy'"), "\(accepted)")
    #expect(try command.bytes(vault("prod")) == before)
    #expect(try token("prod").errors.isEmpty)
    #expect(try command.run("rotate", "--vault", vault("prod")).status == 0)
  }

  @Test(arguments: [("--accept-slots", true), ("--drop-other-slots", false)])
  func aRotationAcceptsOrDropsThem(_ option: String, _ isKept: Bool) throws {
    try addElsewhere("spy")
    let result = try command.run("rotate", "--vault", vault("prod"), "--json", option)
    let report = try #require(try result.output.json(as: [String: Any].self), "\(result)")
    #expect(report["dropped"] as? [String] == (isKept ? [] : ["spy"]))
    let status = try command.run("key", "list", "--vault", vault("prod"))
    #expect(status.errors.isEmpty && status.output.contains("spy") == isKept, "\(status)")
    #expect(!status.output.contains("(not accepted)"))
  }

  @Test func aVaultThatLacksThisHostsSlotIsNoMatterOfAWrongKey() throws {
    try addElsewhere("other")
    let removed = try command.shell(
      "TOKENVAULT_STATE_DIR=\"$HOME/elsewhere\" tokenvault key remove default --quiet "
        + "--vault prod.vault --recovery-fd 3 3< code")
    try #require(removed.status == 0, "\(removed)")
    for line in ["list --vault prod.vault", "list --vault prod.vault --recovery-fd 3 3< code"] {
      try expectRefused(line, "tokenvault key accept", leaving: vault("prod"))
    }
    let accepted = try command.shell(
      "tokenvault key accept --vault prod.vault --recovery-fd 3 3< code")
    #expect(accepted.status == 0, "\(accepted)")
    let list = try command.shell("tokenvault list --vault prod.vault --recovery-fd 3 3< code")
    #expect(list.status == 0 && list.errors.isEmpty, "\(list)")
  }
}
