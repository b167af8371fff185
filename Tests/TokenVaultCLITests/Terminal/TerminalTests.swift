import Foundation
import Testing

/// Prompts, on a terminal that a test holds the other end of.
@Suite struct TerminalTests {
  private static let driver = CommandRunner.packageRoot
    .appending(path: "Tests/Terminal/drive.py").path

  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  struct Shown: Decodable {
    let shown: String
    let hidden: [Bool]
    let status: Int32?
    let signal: Int32?
    let echoBefore: Bool
    let echoAfter: Bool
  }

  private func onTerminal(
    _ steps: [[Any]], _ arguments: String...
  ) throws -> Shown {
    let json = try JSONSerialization.data(withJSONObject: steps)
    let result = try command.wait(
      command.start(
        "/usr/bin/env",
        ["python3", Self.driver, String(decoding: json, as: UTF8.self), CommandRunner.command]
          + arguments))
    #expect(result.status == 0, "\(result.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Shown.self, from: Data(result.output.utf8))
  }

  private func makeVault() throws {
    let made = try command.shell(
      "printf 'pass phrase\\n' | tokenvault init --quiet --passphrase-fd 0 && echo '{\"access_token\":\"XYZZY\"}' > r && printf 'pass phrase\\n' | tokenvault save r --passphrase-fd 0"
    )
    #expect(made.status == 0, "\(made.errors)")
  }

  @Test func aPassphraseIsAskedForAndNotShown() throws {
    try makeVault()
    let shown = try onTerminal(
      [["expect", "passphrase for '\(command.standardVault)': "], ["send", "pass phrase\n"]],
      "token", "1")
    #expect(shown.status == 0 && shown.shown.contains("XYZZY"))
    #expect(!shown.shown.contains("pass phrase"))
    #expect(shown.hidden == [true] && shown.echoBefore && shown.echoAfter)
  }

  @Test func aSaveSaysWhoseTokensAreSaved() throws {
    try command.run("init", "--quiet")
    try command.write(#"{"user_name":"ann","access_token":"XYZZY"}"#, to: command.file("r"))
    try command.write(#"{"access_token":"XYZZY2"}"#, to: command.file("answer"))
    #expect(
      try onTerminal([], "save", command.file("r")).shown.contains("tokenvault: saved ann (id 1)"))
    #expect(
      try onTerminal([], "save", command.file("r")).shown.contains("unchanged: ann (id 1)"))
    let login = try onTerminal([], "save", "--user", "ben", command.file("answer"))
    #expect(login.shown.contains("tokenvault: saved ben (id 2)") && !login.shown.contains("XYZZY"))
    #expect(
      try !onTerminal([], "save", "--quiet", command.file("r")).shown.contains("ann"))
  }

  @Test func aWrongPassphraseIsSaidAndAskedAgainTwice() throws {
    try makeVault()
    let wrong: [[Any]] = [["expect", "': "], ["send", "wrong\n"]]
    let again: [[Any]] = [["expect", "opens none of the key slots; once more"]]
    let right: [[Any]] = [["expect", "': "], ["send", "pass phrase\n"]]
    for mistakes in [wrong + again, wrong + again + wrong + again] {
      let opened = try onTerminal(mistakes + right, "token", "1")
      #expect(opened.status == 0 && opened.shown.contains("XYZZY"))
    }
    let before = try command.bytes(command.standardVault)
    let refused = try onTerminal(wrong + again + wrong + again + wrong, "token", "1")
    #expect(refused.status == 4 && !refused.shown.contains("XYZZY"))
    // Before the places where no key was found, which the user has not asked for.
    #expect(refused.shown.contains("slots are 'passphrase': passphrase: it opens none of the key"))
    #expect(refused.hidden == [true, true, true] && refused.echoAfter)
    let given = try onTerminal(wrong + again + [["expect", "': "], ["send", "\n"]], "token", "1")
    #expect(given.status == 4 && given.shown.contains("passphrase: it opens none of the key slots"))
    #expect(try command.bytes(command.standardVault) == before)
  }

  @Test func aNewPassphraseIsAskedForTwiceAndBothAgainWhereTheyDiffer() throws {
    try makeVault()
    let nothing = try onTerminal([["expect", "': "], ["send", "\n"]], "token", "1")
    #expect(nothing.status == 4 && nothing.shown.contains("nothing was typed"))
    let end = try onTerminal([["expect", "': "], ["send", "\u{4}"]], "token", "1")
    #expect(end.status == 4)

    let ask: [[Any]] = [["expect", "': "], ["send", "pass phrase\n"]]
    func new(_ first: String, _ second: String) -> [[Any]] {
      ask + [
        ["expect", "new passphrase: "], ["send", first + "\n"],
        ["expect", "new passphrase, once more: "], ["send", second + "\n"],
      ]
    }
    func pair(_ first: String, _ second: String) -> [[Any]] {
      Array(new(first, second).dropFirst(2))
    }
    let before = try command.bytes(command.standardVault)
    let differ = try onTerminal(
      new("one", "two") + pair("three", "four") + pair("five", "six"), "rotate")
    #expect(differ.status == 4 && differ.shown.contains("given: the two are not the same"))
    #expect(try command.bytes(command.standardVault) == before)
    let rotated = try onTerminal(new("one", "two") + pair("ünlock", "ünlock"), "rotate")
    #expect(rotated.status == 0 && rotated.hidden == [true, true, true, true, true])
    #expect(rotated.shown.contains("tokenvault: the two are not the same; once more"))
    #expect(rotated.shown.contains("slot       passphrase: ") && !rotated.shown.contains("ünlock"))
    #expect(
      try command.run("token", "1", "--passphrase-fd", "0", input: "ünlock\n").output == "XYZZY\n")
    #expect(try command.run("token", "1", "--passphrase-fd", "0", input: "pass phrase").status == 4)
  }

  /// What it warns of: fewer than 12 characters, and the commonest words with digits behind them.
  @Test(arguments: [
    ("elevenchars", "fewer than 12 characters"), ("letmein", "one of the commonest"),
    ("Password123456", "one of the commonest"), ("ünlock the do", nil), ("twelve chars", nil),
  ])
  func aWeakNewPassphraseIsWarnedOfAndNeverRefused(_ passphrase: String, _ why: String?) throws {
    let typed: [[Any]] = [
      ["expect", "new passphrase: "], ["send", passphrase + "\n"],
      ["expect", "new passphrase, once more: "], ["send", passphrase + "\n"],
    ]
    let made = try onTerminal(typed, "init", "--passphrase")
    #expect(made.status == 0 && !made.shown.contains(passphrase))
    let added = try command.shell(
      "tokenvault init --vault v --key-file k && printf '%s\\n' '\(passphrase)' | tokenvault key add --vault v --open-key-file k --name p --passphrase --new-passphrase-fd 0"
    )
    #expect(added.status == 0, "\(added.errors)")
    let piped = try command.shell(
      "printf '%s\\n' '\(passphrase)' | tokenvault init --vault w --passphrase-fd 0")
    #expect(piped.status == 0, "\(piped.errors)")
    for errors in [made.shown, added.errors, piped.errors] {
      #expect(errors.contains("tokenvault: warning: this passphrase") == (why != nil))
      #expect(why.map { errors.contains($0) } ?? true)
    }
  }

  /// Ctrl-C, and the signals that come from elsewhere.
  @Test(arguments: ["\u{3}", "\u{1C}", "TERM", "HUP"])
  func aSignalLeavesTheTerminalAsItWas(_ what: String) throws {
    try makeVault()
    let signals = ["\u{3}": SIGINT, "\u{1C}": SIGQUIT, "TERM": SIGTERM, "HUP": SIGHUP]
    let signal = try #require(signals[what])
    let step: [Any] = what.count == 1 ? ["send", what] : ["signal", Int(signal)]
    let shown = try onTerminal([["expect", "': "], step], "token", "1")
    #expect(shown.signal == signal && shown.echoAfter)
  }

  /// The process has no job control here, so it goes on at once; the terminal was its own again between.
  @Test func afterAStopItAsksAgain() throws {
    try makeVault()
    let shown = try onTerminal(
      [
        ["expect", "': "], ["signal", Int(SIGTSTP)], ["expect", "': "], ["send", "pass phrase\n"],
      ], "token", "1")
    #expect(shown.status == 0 && shown.shown.contains("XYZZY") && shown.echoAfter)
  }

  @Test func whereNobodyCanBeAskedThatIsAnErrorAndNotAHang() throws {
    try makeVault()
    for (line, reason) in [
      ("tokenvault token 1 < /dev/null", "standard input is no terminal to ask on"),
      ("tokenvault token 1 <&-", "standard input is no terminal to ask on"),
      ("cat /dev/null | tokenvault token 1", "standard input is no terminal to ask on"),
      ("tokenvault token 1 --no-input", "--no-input forbids to ask"),
      ("tokenvault init --passphrase --vault new --no-input", "--no-input forbids to ask"),
      ("tokenvault init --passphrase --vault new", "standard input is no terminal to ask on"),
      ("printf 'pass phrase' | tokenvault rotate --passphrase-fd 0", "no terminal to ask on"),
      (
        "tokenvault key add --name a --passphrase --passphrase-fd 3 3< <(printf 'pass phrase')",
        "no terminal"
      ),
    ] {
      let result = try command.shell(line)
      #expect(result.status == 4 && result.errors.contains(reason), "\(line): \(result.errors)")
    }
    let forbidden = try onTerminal([], "token", "1", "--no-input")
    #expect(forbidden.status == 4 && forbidden.shown.contains("--no-input forbids to ask"))
    #expect(!FileManager.default.fileExists(atPath: command.file("new")))
  }
}
