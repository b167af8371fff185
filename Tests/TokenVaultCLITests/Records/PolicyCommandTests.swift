import Foundation
import Testing

/// The commands `policy show` and `policy set`, and what limits make of the others.
@Suite struct PolicyCommandTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private func run(_ arguments: String..., input: String = "") throws -> CommandRunner.Result {
    try command.wait(
      command.start(CommandRunner.command, arguments, input: input, environment: command.key))
  }

  @Test func limitsAreSetShownAndTakenAway() throws {
    #expect(try run("init", "--quiet").status == 0)
    #expect(try run("policy", "show").output == "max-age  none\nidle     none\nexpired  none\n")
    #expect(try run("status").output.contains("limits      none\n"))
    let set = try run("policy", "set", "--max-age", "30d", "--idle", "90m")
    #expect(set.status == 0 && set.output.isEmpty, "\(set)")
    #expect(set.errors == "tokenvault: limits: max-age 30d, idle 90m\n")
    #expect(try run("--quiet", "policy", "set", "--expired", "7d").errors.isEmpty)
    #expect(try run("policy", "show").output == "max-age  30d\nidle     90m\nexpired  7d\n")
    let json = try run("--json", "policy", "set", "--idle", "none").output
    #expect(
      json == #"{"max_age_seconds":2592000,"idle_seconds":null,"expired_seconds":604800}"# + "\n")
    #expect(try run("policy", "show", "--json").output == json)
    #expect(try run("status").output.contains("limits      max-age 30d, expired 7d\n"))
    let status = try run("status", "--json").output.json(as: [String: Any].self)
    #expect((status?["policy"] as? [String: Any])?["max_age_seconds"] as? Int == 2_592_000)
  }

  @Test func whatIsNoLimitIsRefused() throws {
    #expect(try run("init", "--quiet").status == 0)
    for (line, sentence) in [
      ("policy set", "give at least one of --max-age, --idle and --expired"),
      ("policy set --idle 0d", "--idle must be from 1s to 115740d, or none"),
      ("policy set --max-age 0s", "--max-age must be from 1s"),
      ("policy set --expired 1000000d", "--expired must be from 1s"),
      ("policy set --idle -1d", "--idle"), ("policy set --idle 90", "--idle"),
      ("policy set --idle ''", "--idle"), ("policy set --idle 1w", "--idle"),
      ("policy set --idle 5d 6d", "6d"), ("policy nonsense", "nonsense"),
      ("policy show --idle 5d", "--idle"),
      ("purge --older-than 5d", "--older-than goes with --expired"),
      ("purge --idle 0s", "--idle must be at least 1s"), ("purge --idle none", "--idle"),
      ("purge --expired --older-than x", "--older-than"), ("purge 1", "1"),
      ("purge", "the vault has no limits, so say what to delete: --expired, --idle"),
      ("list --expired --expiring 5d", "give one of --expired and --expiring"),
      ("list --expiring", "--expiring"), ("list --expiring soon", "--expiring"),
    ] {
      try command.expectFailure(
        64, sentence, "TOKENVAULT_KEY_FILE='\(command.file("key"))' tokenvault \(line)",
        #_sourceLocation)
    }
  }

  @Test func anEndedRecordIsNotHandedOutAndTheReasonIsTold() throws {
    let record = #"{"user_name":"a","access_token":"s3cret"}"#
    try command.save(record, secondsAgo: 7200)
    #expect(try run("token", "1").output == "s3cret\n")
    #expect(try run("policy", "set", "--max-age", "1h").status == 0)
    for arguments in [
      ["token", "1"], ["token", "--user", "a", "--lock-timeout", "5"], ["find", "--id", "1"],
      ["find", "--user", "a", "--json", "--reveal"],
    ] {
      let result = try command.wait(
        command.start(CommandRunner.command, arguments, environment: command.key))
      #expect(result.status == 3 && result.output.isEmpty, "\(arguments)")
      #expect(
        result.errors.hasPrefix(
          "tokenvault: the token '1' has ended: it was first saved at 20"), "\(result)")
      #expect(result.errors.contains("and the vault's limit 'max-age' is 3600 s\nhint: log in"))
    }
    #expect(try run("find", "--match", input: record).status == 3)
    let list = try run("list").output
    #expect(list.contains("\tended (max-age)\n"))
    #expect(try run("list", "--json").output.json(as: [Any].self)?.count == 1)
    #expect(try run("export", "--plaintext").output.contains("s3cret"))
    #expect(try run("save", input: record).output == "1\n")
    #expect(try run("token", "1").output == "s3cret\n")
    #expect(try !run("list").output.contains("ended"))
  }

  @Test func findTellsTheHistory() throws {
    try command.save(#"{"user_name":"a","access_token":"1"}"#, secondsAgo: 7200)
    #expect(try !run("find", "--id", "1").output.contains("last_used_at"))
    let found = try run("find", "--id", "1").output
    #expect(
      found.firstMatch(of: /revision +1\nfirst_saved_at +20\S+Z\nlast_used_at +20\S+Z\n$/) != nil,
      "\(found)")
    #expect(try run("find", "--id", "1", "--json").output.contains(#""last_used_at":"20"#))
  }

  // MARK: Notes of uses

  @Test func aHundredReadsByManyProcessesWriteOneNote() throws {
    try command.save(#"{"user_name":"a","access_token":"1"}"#, secondsAgo: 7200)
    let before = try #require(try command.generation())
    for arguments in [["list"], ["status"], ["check"], ["export", "--plaintext"]] {
      #expect(
        try command.wait(
          command.start(CommandRunner.command, arguments, environment: command.key)
        ).status == 0)
    }
    #expect(try command.generation() == before)
    let loop = "for n in $(seq 25); do '\(CommandRunner.command)' token 1 || exit 1; done"
    let readers = try (1...4).map { _ in
      try command.start("/bin/bash", ["-c", loop], environment: command.key)
    }
    for reader in readers {
      let result = try command.wait(reader)
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output == String(repeating: "1\n", count: 25))
    }
    #expect(try command.generation() == before + 1)
  }

  /// As another user, whom permissions bind; in CI we are root.
  @Test func whereTheDirectoryCannotBeWrittenTokensAreHandedOutAllTheSame() throws {
    try command.save(#"{"user_name":"a","access_token":"1"}"#, secondsAgo: 7200)
    try command.shell(
      "chmod 711 .; mkdir o; cp '\(CommandRunner.command)' o/tv; cp data/tokenvault/* o; cp key o/key; chmod 555 o"
    )
    if getuid() == 0 { try command.shell("chown -R 65534:65534 o") }
    let asNobody = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""
    for _ in 1...3 {
      let token = try command.shell(
        "cd o; \(asNobody) ./tv token 1 --vault tokens.vault --key-file key")
      #expect(token.status == 0 && token.output == "1\n" && token.errors.isEmpty, "\(token)")
    }
    let same = try command.shell("chmod 755 o; cmp data/tokenvault/tokens.vault o/tokens.vault")
    #expect(same.status == 0, "no note was written")
  }
}
