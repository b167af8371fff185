import ArgumentParser
import Foundation
import Testing

@testable import TokenVaultCLI

/// The grammar of the command, its results and exit codes.
@Suite struct CommandTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  @Test func theFirstImportMakesTheVaultAndSaysWhatItProtects() throws {
    let first = try command.run("import", CommandRunner.fixture("filestore-basic.csv"))
    #expect(first.status == 0)
    #expect(first.output == "5 inserted, 0 updated, 0 unchanged\n")
    #expect(first.errors.contains("created the vault '\(command.standardVault)'; its key is '"))
    #expect(first.errors.contains("not against anyone who can read the key file"))
    let second = try command.run("import", CommandRunner.fixture("filestore-basic.csv"))
    #expect(second.output == "0 inserted, 0 updated, 5 unchanged\n")
    #expect(second.errors == "")
    let list = try command.run("list")
    #expect(list.output.split(separator: "\n").count == 6)
    #expect(list.output.contains("jin.tanaka@zylker.example:641234567"))
    #expect(list.output.contains("2026-01-01T01:00:00Z ("))
    #expect(list.output.contains("secret refresh access grant"))
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

  @Test func savePrintsOneIDALineForObjectsArraysAndLines() throws {
    #expect(
      try command.run("save", input: #"{"user_name":"a","access_token":"1"}"#).output == "1\n")
    #expect(
      try command.run(
        "save", input: #"[{"user_name":"b","access_token":"1"},{"user_name":"a","scope":"s"}]"#
      ).output == "2\n1\n")
    let lines =
      "{\"user_name\":\"c\",\"access_token\":\"1\"}\n{\"user_name\":\"d\",\"access_token\":\"1\"}\n"
    try command.write(lines, to: command.file("lines"))
    #expect(try command.run("set", command.file("lines")).output == "3\n4\n")
    let json = try command.run("save", "--json", input: #"{"user_name":"a","scope":"t"}"#).output
    let outcomes = try json.json(as: [[String: Any]].self)
    #expect(
      outcomes?.first?["change"] as? String == "updated"
        && outcomes?.first?["revision"] as? Int == 3)
  }

  @Test func findMasksSecretsUnlessRevealed() throws {
    try command.run(
      "save", input: #"{"user_name":"a","access_token":"s3cret","mine":"s3cret","expires_in":3600}"#
    )
    for arguments in [
      ["find", "--id", "1"], ["get", "--user", "a"], ["list"], ["ls", "--json"],
      ["find", "--id", "1", "--json"],
    ] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(result.status == 0 && !result.output.contains("s3cret"))
    }
    let found = try command.run(
      "find", "--match", "--reveal", "--json", input: #"{"access_token":"s3cret"}"#)
    let record = try found.output.json(as: [String: Any].self)
    #expect(
      record?["access_token"] as? String == "s3cret" && record?["mine"] as? String == "s3cret")
    let expiry = try #require(record?["expires_at"] as? String)
    #expect(expiry.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    let list = try command.run("--json", "--reveal", "list").output.json(as: [[String: Any]].self)
    #expect(list?.count == 1 && list?.first?["access_token"] as? String == "s3cret")
  }

  @Test func aMaskIsNeverSavedAsASecret() throws {
    try command.run("save", input: #"{"user_name":"a","access_token":"real"}"#)
    let masked = try command.run("find", "--user", "a", "--json").output
    let result = try command.run("save", input: masked)
    #expect(result.status == 1 && result.errors.contains("is the mask"))
    #expect(try command.run("token", "1").output == "real\n")
  }

  @Test func tokenPrintsTheAccessTokenAndANewline() throws {
    try command.run(
      "save",
      input:
        #"[{"user_name":"a","client_id":"c","access_token":"t1"},{"user_name":"a","client_id":"d","access_token":"t2"},{"refresh_token":"r"}]"#
    )
    #expect(try command.run("token", "2").output == "t2\n")
    #expect(try command.run("token", "--user", "a").status == 7)
    #expect(try command.run("token", "--user", "a", "--client", "c").output == "t1\n")
    #expect(try command.run("token", "--user", "a", "--client", "d").output == "t2\n")
    #expect(try command.run("token", "3").status == 3)
    #expect(try command.run("token", "4").status == 3)
    let json = try command.run("token", "1", "--json").output.json(as: [String: String].self)
    #expect(json == ["id": "1", "access_token": "t1"])
    try command.run("save", input: #"{"id":"1","expires_at":"2020-01-01T00:00:00Z"}"#)
    let expired = try command.run("token", "1")
    #expect(expired.status == 0 && expired.output == "t1\n" && expired.errors.contains("expired"))
    #expect(try command.run("token", "1", "--quiet").errors == "")
  }

  @Test func deletesAreAllOrNoneAndAllNeedsAYes() throws {
    try command.run(
      "save", input: #"[{"access_token":"1"},{"access_token":"2"},{"access_token":"3"}]"#)
    let unknown = try command.run("delete", "1", "9")
    #expect(unknown.status == 3 && unknown.errors.contains("'9'"))
    #expect(try command.run("rm", "1", "2").status == 0)
    #expect(try command.run("list", "--json").output.json(as: [Any].self)?.count == 1)
    for arguments in [
      ["delete", "--all"], ["delete", "--all", "--no-input"], ["delete"], ["delete", "--all", "3"],
    ] {
      #expect(try command.wait(command.start(CommandRunner.command, arguments)).status == 64)
    }
    #expect(try command.run("delete", "--all", "--yes").status == 0)
    #expect(try command.run("list", "--json").output == "[]\n")
  }

  @Test func aDemandedRevisionThatIsGoneIsAConflict() throws {
    try command.run("save", input: #"{"user_name":"a","access_token":"1"}"#)
    #expect(
      try command.run("save", "--if-revision", "1", input: #"{"user_name":"a","access_token":"2"}"#)
        .status == 0)
    let late = try command.run(
      "save", "--if-revision", "1", input: #"{"user_name":"a","access_token":"3"}"#)
    #expect(late.status == 7 && late.errors.contains("is at revision 2"))
    #expect(try command.run("delete", "1", "--if-revision", "1").status == 7)
    #expect(try command.run("save", input: #"{"id":"1","user_name":"b"}"#).status == 7)
    #expect(
      try command.run("save", "--if-revision", "0", input: #"{"user_name":"z","access_token":"3"}"#)
        .status == 0)
    #expect(try command.run("delete", "1", "--if-revision", "2").status == 0)
    #expect(
      try command.run("save", "--if-revision", "1", input: #"[{"id":"2"},{"id":"2"}]"#).status == 64
    )
  }

  @Test func importsOfEveryFormatAndRehearsals() throws {
    let edge = CommandRunner.fixture("filestore-edge.csv")
    #expect(try command.run("import", "--dry-run", edge).output.hasPrefix("20 inserted"))
    #expect(!FileManager.default.fileExists(atPath: command.file("data")))
    try command.run("init")
    let rehearsal = try command.run("import", "--dry-run", edge, "--json")
    #expect(try rehearsal.output.json(as: [String: Int].self)?["inserted"] == 20)
    #expect(try command.run("list", "--json").output == "[]\n")
    let real = try command.run("import", edge)
    #expect(real.errors.contains("record 19: its expiry is no time"))
    for format in ["zoho-csv", "csv", "json"] {
      let file = command.file("out.\(format)")
      #expect(
        try command.run("export", "--format", format, "--output", file, "--plaintext").status == 0)
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      for from in ["auto", format] {
        let again = try command.run("import", file, "--from", from)
        #expect(again.output == "0 inserted, 0 updated, 20 unchanged\n")
      }
      let other = try command.run(
        "import", "-", "--from", format == "json" ? "csv" : "json",
        input: String(decoding: command.bytes(file), as: UTF8.self))
      #expect(other.status == 1)
    }
    #expect(try command.bytes(command.file("out.zoho-csv")) == command.bytes(edge))
  }

  @Test func exportsNeedTheWordAndNeverOverwrite() throws {
    try command.run("save", input: #"{"user_name":"a","access_token":"1","scope":"x","mine":"y"}"#)
    let refused = try command.run("export")
    #expect(refused.status == 64 && refused.output == "" && refused.errors.contains("--plaintext"))
    try command.write("mine", to: command.file("there"))
    #expect(try command.run("export", "--plaintext", "--output", command.file("there")).status == 7)
    #expect(try command.bytes(command.file("there")) == Array("mine".utf8))
    let zoho = try command.run("export", "--format", "zoho-csv", "--plaintext")
    #expect(zoho.status == 0 && zoho.errors.contains("no column for mine, scope"))
    let record = try command.run("export", "--plaintext").output
    let expected =
      /{"id":"1","user_name":"a","access_token":"1","scope":"x","revision":1,"first_saved_at":"2[-T:.0-9]+Z","mine":"y"}\n/
    #expect(record.wholeMatch(of: expected) != nil, "\(record)")
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

  /// The two readers of the command line `save …` agree wherever the short one answers.
  @Test func thePlainReaderOfSaveReadsAsTheParserDoes() throws {
    let words = [
      "f", "a b", "-", "--", "--user", "--id", "--answer", "--move-endpoint", "--vault",
      "--key-file", "--json", "--quiet", "--no-input", "--if-revision", "5", "--vault=x", "",
    ]
    var lines: [[String]] = [[]]
    var plain: [[String]] = []
    for _ in 1...3 {
      plain += lines.filter { RecordsToSave(plainArguments: ["save"] + $0) != nil }
      lines = lines.flatMap { line in words.map { line + [$0] } }
    }
    #expect(plain.count > 20 && plain.contains([]))
    for line in plain.shuffled().prefix(100) {
      let parsed = try TokenVaultCommand.parseAsRoot(["save"] + line) as? SaveCommand
      #expect(parsed?.records == RecordsToSave(plainArguments: ["save"] + line), "\(line)")
    }
  }

  /// The two readers of the command line `token …` agree wherever the short one answers.
  @Test func thePlainReaderOfTokenReadsAsTheParserDoes() throws {
    let words = [
      "1", "a b", "-", "--", "--user", "--client", "--vault", "--key-file", "--json", "--quiet",
      "--no-input", "--lock-timeout", "5", "--user=x", "-q", "", "--help",
    ]
    var lines: [[String]] = [[]]
    var plain: [[String]] = []
    for _ in 1...3 {
      lines = lines.flatMap { line in words.map { line + [$0] } }
      plain += lines.filter { TokenRequest(plainArguments: ["token"] + $0) != nil }
    }
    #expect(plain.count > 150)
    // The parser takes its time in a debug build: some of them, others each time; all with the flag.
    for line in CommandRunner.isFullTest ? plain : Array(plain.shuffled().prefix(100)) {
      let parsed = try TokenVaultCommand.parseAsRoot(["token"] + line) as? TokenCommand
      #expect(parsed?.request == TokenRequest(plainArguments: ["token"] + line), "\(line)")
    }
  }
}
