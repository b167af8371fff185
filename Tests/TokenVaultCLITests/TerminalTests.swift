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

  @Test func aWrongPassphraseIsFourAndANewOneIsAskedForTwice() throws {
    try makeVault()
    let wrong = try onTerminal([["expect", "': "], ["send", "wrong\n"]], "token", "1")
    #expect(wrong.status == 4 && wrong.shown.contains("passphrase: it opens none of the key slots"))
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
    let differ = try onTerminal(new("one", "two"), "rotate")
    #expect(differ.status == 4 && differ.shown.contains("the two are not the same"))
    let rotated = try onTerminal(new("ünlock", "ünlock"), "rotate")
    #expect(rotated.status == 0 && rotated.hidden == [true, true, true])
    #expect(rotated.shown.contains("slot       passphrase: ") && !rotated.shown.contains("ünlock"))
    #expect(
      try command.run("token", "1", "--passphrase-fd", "0", input: "ünlock\n").output == "XYZZY\n")
    #expect(try command.run("token", "1", "--passphrase-fd", "0", input: "pass phrase").status == 4)
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
