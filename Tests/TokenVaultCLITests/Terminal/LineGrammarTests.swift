import Foundation
import Testing

/// What a server or a file has said becomes a line of another program only where it is one.
@Suite struct LineGrammarTests {
  /// The end of a line, another header, and a command for a terminal.
  private static let composed = [
    #"tok\r\nX-Injected: 1"#, #"tok\nX"#, #"tok\u001b[2J"#, #"tok\u0000"#, #"tok\u007f"#,
    #"tok\u009b2J"#, #"t\u00f6k"#, #"tok\u2028X"#,
  ]

  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  @Test(arguments: composed, ["", "--json", "--no-input --json"])
  func aTokenThatIsNoneIsNotPrinted(_ text: String, _ options: String) throws {
    try command.run("save", input: #"{"user_name":"ann","access_token":"\#(text)"}"#)
    let before = try command.bytes(command.standardVault)
    for line in ["tokenvault token 1", "tokenvault token --user ann --min-ttl 1s"] {
      let result = try command.shell("\(line) \(options)")
      #expect(result.status == 1 && result.output.isEmpty, "\(result)")
      #expect(result.errors.contains("access_token of the token '1'"), "\(result)")
      #expect(!result.errors.contains("tok\u{1B}") && !result.errors.contains("Injected"))
    }
    #expect(try command.bytes(command.standardVault) == before)
  }

  @Test(arguments: composed)
  func aRefreshTakesNoSuchTokenAndKeepsAUsableRefreshToken(_ text: String) throws {
    try command.run(
      "save",
      input:
        #"{"access_token":"old","refresh_token":"r.0","expires_at":"2020-01-01T00:00:00Z"}"#)
    let answer = #"{"access_token":"\#(text)","refresh_token":"r.1"}"#
    let refused = try command.run("refresh", "1", "--", "/bin/echo", answer)
    #expect(refused.status == 1 && refused.errors.contains("the token '1' was not"), "\(refused)")
    #expect(refused.errors.contains("the answer's access_token"), "\(refused)")
    try expectSecrets("old", "r.1")
    let other = #"{"access_token":"new","refresh_token":"\#(text)"}"#
    let alsoRefused = try command.run("refresh", "1", "--", "/bin/echo", other)
    #expect(alsoRefused.status == 1, "\(alsoRefused)")
    #expect(alsoRefused.errors.contains("the answer's refresh_token"), "\(alsoRefused)")
    try expectSecrets("old", "r.1")
  }

  private func expectSecrets(_ access: String, _ refresh: String) throws {
    let found = try command.run("find", "--id", "1", "--json", "--reveal")
    let record = try #require(try found.output.json(as: [String: Any].self))
    #expect(record["access_token"] as? String == access)
    #expect(record["refresh_token"] as? String == refresh)
  }

  @Test func jsonHasNoCharacterThatATerminalActsOn() throws {
    let scalars =
      "\u{7F}\u{80}\u{85}\u{9B}\u{61C}\u{200E}\u{200F}\u{202A}\u{202E}\u{2028}\u{2029}"
      + "\u{2066}\u{2069}\u{FEFF}\u{E0001}"
    let name = "ann\(scalars)ö😀"
    let input = try JSONEncoder().encode(["user_name": name, "access_token": "1", "extra": name])
    let vault = command.file("data/v\u{9B}\u{202E}")
    try command.shell("mkdir -p data")
    let saved = try command.run("init", "--vault", vault, "--json")
    try command.run("save", "--vault", vault, input: String(decoding: input, as: UTF8.self))
    let outputs = [
      saved.output,
      try command.run("find", "--id", "1", "--json", "--reveal", "--vault", vault).output,
      try command.run("list", "--json", "--vault", vault).output,
      try command.run("status", "--json", "--vault", vault).output,
    ]
    for output in outputs {
      #expect(
        output.unicodeScalars.allSatisfy { !scalars.unicodeScalars.contains($0) }, "\(output)")
    }
    #expect(outputs[1].contains(#"\u007f\u0080"#) && outputs[1].contains(#"\udb40\udc01ö😀"#))
    let record = try #require(try outputs[1].json(as: [String: Any].self))
    #expect(record["user_name"] as? String == name && record["extra"] as? String == name)
    let status = try #require(try outputs[3].json(as: [String: Any].self))
    #expect(status["path"] as? String == vault)
  }

  @Test func anIDIsOneLineOfWhatASavePrints() throws {
    let saved = try command.run("save", input: #"{"id":"7\n--all\u001b[2J","access_token":"1"}"#)
    #expect(saved.status == 0 && saved.output == "7\\n--all\\u{1b}[2J\n", "\(saved)")
  }

  /// To Swift, a quote and a combining mark behind it are one character.
  @Test func noIDEndsTheQuotesOfAHint() throws {
    let id = "x'\u{301};touch evil;'\u{301}"
    let input = try JSONEncoder().encode([
      "id": id, "access_token": "1", "expires_at": "2020-01-01T00:00:00Z",
    ])
    try command.run("save", input: String(decoding: input, as: UTF8.self))
    let refused = try command.run("refresh", id)
    let hint = try #require(refused.errors.firstRange(of: ": tokenvault "), "\(refused)")
    let line = refused.errors[hint.lowerBound...].dropFirst(2)
    try command.shell(String(line))
    #expect(!FileManager.default.fileExists(atPath: command.file("evil")), "\(line)")
  }

  @Test func noIDIsAnOptionOfAHint() throws {
    try command.save(
      #"{"id":"--all","user_name":"old","access_token":"1"}"#, secondsAgo: 200_000)
    func run(_ line: String) throws -> CommandRunner.Result {
      try command.shell(line, environment: command.key)
    }
    _ = try run(#"echo '{"user_name":"ann","access_token":"2"}' | tokenvault save"#)
    let refused = try run("tokenvault refresh --user old --force")
    #expect(refused.status == 11 && !refused.errors.contains("refresh '--all'"), "\(refused)")
    let ended = try run("tokenvault policy set --max-age 1d; tokenvault token --user old")
    let hint = try #require(ended.errors.firstRange(of: ": tokenvault "), "\(ended)")
    let line = String(ended.errors[hint.lowerBound...].dropFirst(2))
    let followed = try run("yes yes | \(line)")
    #expect(followed.status == 0, "\(line): \(followed)")
    #expect(try run("tokenvault list --json").output.contains(#""user_name":"ann""#), "\(line)")
  }
}
