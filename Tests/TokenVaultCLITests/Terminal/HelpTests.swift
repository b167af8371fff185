import ArgumentParser
import Testing

@testable import TokenVaultCLI

/// What the command says of itself: help, version, and what was probably meant.
@Suite struct HelpTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private func help(_ words: [String]) throws -> String {
    let result = try command.wait(command.start(CommandRunner.command, words + ["--help"]))
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    return result.output
  }

  /// The words of an example behind `tokenvault`, without what belongs to the shell.
  private func words(of example: Substring) throws -> [String] {
    let name = try #require(example.firstRange(of: "tokenvault "), "\(example)")
    let own = example[name.upperBound...].prefix { !"|<>&".contains($0) }
    return own.split(separator: " ").map { $0.hasSuffix(")") ? String($0.dropLast()) : String($0) }
  }

  @Test func eachHelpBeginsWithExamplesThatTheParserTakesForThatCommand() throws {
    for (name, type) in CommandRunner.commands {
      let text = TokenVaultCommand.helpMessage(for: type, columns: 80)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      // Behind the sentence that says what it does.
      let place = try #require(lines.firstIndex(of: "EXAMPLES:"), "\(name): \(text)")
      #expect(place <= 3 && lines[place - 1].isEmpty, "\(name): \(text)")
      let examples = lines.dropFirst(place + 1).prefix { !$0.isEmpty }
      #expect(!examples.isEmpty)
      for example in examples {
        let words = GlobalOptions.movedBehindSubcommand(try words(of: example))
        let parsed = try TokenVaultCommand.parseAsRoot(words)
        #expect(Swift.type(of: parsed) == type, "\(example)")
      }
    }
  }

  @Test func theGlobalOptionsAreExplainedOnceAndNamedByEachCommand() throws {
    let root = try help([])
    #expect(root.contains("\n\nGLOBAL OPTIONS:\n  --vault <path>          The vault's file.\n"))
    #expect(root.ranges(of: "--allow-shared-directory").count == 1)
    for words in [["token"], ["key", "add"], ["lock"]] {
      let text = try help(words)
      let own = try #require(text.firstRange(of: "\n\nGLOBAL OPTIONS: (explained by"), "\(text)")
      let names = text[own.upperBound...]
      for option in ["--vault <path>", "-q, --quiet", "--lock-timeout <time>", "--json"] {
        #expect(names.contains(option), "\(text)")
      }
      #expect(!text[..<own.lowerBound].contains("--json") && !names.contains("The vault's file"))
      #expect(names.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    for words in [["help", "token"], ["help", "key", "add"], ["--quiet", "help", "token"]] {
      let shown = try command.wait(command.start(CommandRunner.command, words))
      #expect(try shown.output == help(words.filter { $0 != "help" && $0 != "--quiet" }))
    }
  }

  @Test(arguments: [
    ("tokn --user ann", "token", "tokenvault token ["), ("lits", "list", "tokenvault list"),
    ("stat", "status", "tokenvault status"), ("key lst", "list", "tokenvault key list"),
    ("--vault v key --json rmeove x", "remove", "tokenvault key remove"),
    ("policy shwo", "show", "tokenvault policy show"), ("help tokn", "token", "tokenvault token"),
    ("tokn --help", "token", "tokenvault token ["), ("nonsense", nil, "tokenvault <subcommand>"),
    ("key nonsense", nil, "tokenvault key <subcommand>"),
  ])
  func aMistypedCommandGetsTheNearestNameAndItsUsage(
    _ line: String, _ name: String?, _ usage: String
  ) throws {
    let result = try command.shell("tokenvault \(line)")
    #expect(result.status == 64 && result.output.isEmpty, "\(result)")
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("tokenvault: there is no command '"))
    let guess = lines[0].firstMatch(of: /Did you mean '([^']*)'\?$/).map { String($0.output.1) }
    #expect(guess == name && lines[1].hasPrefix("usage: \(usage)"), "\(result)")
    let words = usage.split(separator: " ").prefix { $0.allSatisfy(\.isLetter) }
    #expect(lines[2] == "hint: see: \(words.joined(separator: " ")) --help", "\(result)")
  }

  @Test(arguments: [
    ("list --jsn", "Did you mean '--json'?", "list"), ("token --usr a", "'--user'?", "token"),
    ("rm 1 --yess", "unknown option '--yess'", "delete"), ("token", "give either", "token"),
    ("key list --jsno", "Did you mean '--json'?", "key list"),
  ])
  func aMistypedOptionGetsTheUsageOfItsCommand(
    _ line: String, _ sentence: String, _ name: String
  ) throws {
    let result = try command.shell("tokenvault \(line)")
    #expect(result.status == 64 && result.errors.contains(sentence), "\(result)")
    #expect(result.errors.contains("\nusage: tokenvault \(name) "), "\(result)")
    #expect(result.errors.hasSuffix("hint: see: tokenvault \(name) --help\n"), "\(result)")
  }

  @Test func anArgumentThatLooksLikeAUsageIsNone() throws {
    let usage = #"5x\nUsage: boo\n  See 'rm -rf x --help' for more information."#
    for text in [usage, #"5x\n\nUsage: \e]0;boo\a\n  See 'x --help' for more information."#] {
      let result = try command.shell(
        "tokenvault list --expiring \"$(printf %b \"$TEXT\")\"", environment: ["TEXT": text])
      #expect(result.status == 64 && !result.errors.contains("\u{1B}"), "\(result)")
      let lines = result.errors.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 4 && lines[1] == "usage: tokenvault list <options>", "\(result)")
      #expect(lines[2] == "hint: see: tokenvault list --help", "\(result)")
    }
    let title = try command.shell(#"tokenvault list --expiring $'\e]0;x\a'"#)
    #expect(title.errors.contains(#"'\u{1b}]0;x\u{7}'"#), "\(title)")
    #expect(DisplayText.lines("a\u{7}\n\nb") == "a\\u{7}\n\nb")
  }

  @Test func aSentenceOfTheParserIsOneLineAndKeepsANameInCapitals() throws {
    let both = try command.run("token", "-uco:l")
    #expect(both.errors.hasPrefix("tokenvault: unknown option '-uco:l', or: Missing"), "\(both)")
    let empty = try command.run("backup", "")
    #expect(empty.errors.hasPrefix("tokenvault: FILE must not be empty\n"), "\(empty)")
  }

  @Test(arguments: ["delet", "remove", "rn", "r", "purg", "puge", "l"])
  func noGuessOfACommandDeletesAndNoneIsOfOneLetter(_ word: String) throws {
    let result = try command.run(word, "--user", "ann")
    #expect(result.status == 64 && !result.errors.contains("Did you mean"), "\(result)")
    #expect(result.errors.contains("\nusage: tokenvault <subcommand>\n"), "\(result)")
  }

  @Test func theVersionNamesTheFileFormatAndTheLoadedOpenSSL() throws {
    let version = try command.run("--version").output
    #expect(
      version.wholeMatch(
        of: /tokenvault \d+\.\d+\.\d+ \(file format 1, OpenSSL \d+\.\d+\.\d+[^ ]*\)\n/) != nil,
      "\(version)")
  }

  @Test(arguments: [
    (["find", "-u", "a"], ["find", "--user", "a"]),
    (["token", "-q", "1"], ["token", "--quiet", "1"]),
    (["export", "--plaintext", "-o", "f"], ["export", "--plaintext", "--output", "f"]),
    (["import", "-n", "f"], ["import", "--dry-run", "f"]),
    (["purge", "-n"], ["purge", "--dry-run"]),
    (["rotate", "-n"], ["rotate", "--dry-run"]), (["save", "-u", "a"], ["save", "--user", "a"]),
  ])
  func aShortOptionIsTheLongOne(_ short: [String], _ long: [String]) throws {
    let parsed = try [short, long].map { "\(try TokenVaultCommand.parseAsRoot($0))" }
    #expect(parsed[0] == parsed[1])
  }

  @Test(arguments: [
    ("--vault X key --key-file Y list", "key list --vault X --key-file Y"),
    ("policy --json show", "policy show --json"), ("-q list", "list -q"),
    ("key --vault=X --json add --name n", "key add --vault=X --json --name n"),
    ("key --json", "key"), ("--json key --vault", "key"), ("key --help", "key --help"),
    ("--json policy --nonsense show", "policy --nonsense show"), ("--json --quiet", ""),
    ("token --json 1", "token --json 1"),
  ])
  func globalOptionsMayStandBeforeAndWithinTheNameOfACommand(_ line: String, _ moved: String) {
    let words = line.split(separator: " ").map(String.init)
    #expect(
      GlobalOptions.movedBehindSubcommand(words) == moved.split(separator: " ").map(String.init))
  }
}
