import Foundation
import Testing

/// The grammar of the command, its results and exit codes.
@Suite struct CommandTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  @Test func theFirstImportMakesTheVaultAndSaysWhatItProtects() throws {
    let first = try command.run("import", CommandRunner.fixture("filestore-basic.csv"))
    #expect(first.status == 0)
    #expect(first.output == "5 inserted, 0 updated, 0 unchanged\n")
    let said = first.errors.split(separator: "\n")
    #expect(said.first == "tokenvault: created the vault '\(command.standardVault)'")
    #expect(said[1].hasPrefix("tokenvault: its key is '") && said[1].hasSuffix("', not encrypted"))
    #expect(
      said[2] == "tokenvault: protects copies and backups, not against readers of the key file")
    #expect(said[2].count <= 80)
    let second = try command.run("import", CommandRunner.fixture("filestore-basic.csv"))
    #expect(second.output == "0 inserted, 0 updated, 5 unchanged\n")
    #expect(second.errors == "")
    let list = try command.run("list")
    #expect(list.output.split(separator: "\n").count == 5)
    #expect(list.output.contains("jin.tanaka@zylker.example:641234567"))
    #expect(list.output.contains("\t2026-01-01T01:00:00Z\tsecret refresh access grant\t\n"))
  }

  @Test func aNamedVaultIsMadeByInitAlone() throws {
    for arguments in [["save"], ["import", "-"]] {
      let running = try command.start(
        CommandRunner.command, arguments + ["--vault", command.file("v")],
        input: #"{"access_token":"a"}"#)
      let result = try command.wait(running)
      #expect(result.status == 9)
      #expect(result.errors.contains("hint: make one with: tokenvault init"))
    }
    #expect(try command.run("init", "--vault", command.file("v"), "--format", "csv").status == 0)
    #expect(
      try command.run("save", "--vault", command.file("v"), input: #"{"access_token":"a"}"#).output
        == "1\n")
    let again = try command.run("init", "--vault", command.file("v"))
    #expect(again.status == 7 && again.errors.contains("already exists"))
  }

  @Test func theEnvironmentNamesVaultAndKeyAndArgumentsGoBeforeIt() throws {
    let environment = [
      "TOKENVAULT_FILE": command.file("e"), "TOKENVAULT_KEY_FILE": command.file("e.key"),
    ]
    #expect(try command.run("init", "--quiet", environment: environment).status == 0)
    #expect(try command.bytes(command.file("e.key")).count == 32)
    let status = try command.run("--json", "status", environment: environment).output.json(
      as: [String: Any].self)
    #expect(status?["path"] as? String == command.file("e"))
    #expect(status?["key_file"] as? String == command.file("e.key"))
    #expect(status?["tokens"] as? Int == 0 && status?["generation"] as? Int == 1)
    let other = try command.run("status", "--vault", command.file("x"), environment: environment)
    #expect(other.status == 9)
  }

  @Test func convertStatusAndCheckTellWhatIsThere() throws {
    try command.run("save", input: #"{"access_token":"1"}"#)
    #expect(try command.run("convert", "--format", "csv").status == 0)
    let status = try command.run("status").output
    for text in [
      "format      csv", "tokens      1", "generation  3", "opened by   key file",
      "key slots   default (key)", "data key    ", "protects    against",
      "not         against",
    ] {
      #expect(status.contains(text))
    }
    let check = try command.run("check")
    #expect(check.status == 0 && check.output.contains("is sound: 1 tokens"))
    var bytes = try command.bytes(command.standardVault)
    bytes[bytes.count - 5] ^= 4
    try command.write(bytes, to: command.standardVault)
    let damaged = try command.run("check")
    #expect(damaged.status == 5 && damaged.output == "")
    #expect(damaged.errors.hasPrefix("tokenvault: '\(command.standardVault)' is damaged"))
    #expect(damaged.errors.contains("byte "))
  }

  @Test func helpAndVersionAreResultsAndNonsenseIsUsage() throws {
    for arguments in [
      ["--help"], ["help", "save"], ["--quiet", "help", "save"], ["--vault", "x", "--help"],
      ["token", "--help"], ["--version"],
    ] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty)
    }
    for arguments in [
      ["nonsense"], ["list", "--nonsense"], ["find"], ["find", "--id", "1", "--user", "a"],
      ["token"],
      ["token", "1", "--user", "a"], ["token", "--user", ""], ["find", "--user", ""],
      ["find", "--id", ""],
      ["token", ""], ["convert"], ["convert", "--format", "xml"], ["init", "--format", "xml"],
      ["list", "--vault", ""], ["list", "--lock-timeout", "-1"], ["list", "--lock-timeout", "nan"],
      ["import"], ["save", "--if-revision", "x"], ["--vault"], ["--quiet"], ["--vault", "x"],
    ] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errors.hasPrefix("tokenvault: ") && result.output.isEmpty, "\(arguments)")
      #expect(!result.errors.contains("failure("), "\(arguments)")
    }
  }

  @Test(arguments: [[], ["key"], ["policy"], ["--json"], ["--quiet", "policy"], ["--vault", "x"]])
  func noCommandIsAUsageErrorWithTheHelpOnStandardError(_ arguments: [String]) throws {
    let result = try command.wait(command.start(CommandRunner.command, arguments))
    #expect(result.status == 64 && result.output.isEmpty, "\(result)")
    #expect(result.errors.hasPrefix("tokenvault: "), "\(result)")
    #expect(result.errors.contains("SUBCOMMANDS:"), "\(result)")
  }
}
