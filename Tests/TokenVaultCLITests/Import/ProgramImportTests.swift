import Foundation
import Testing

/// `import` of the files that other programs wrote.
@Suite struct ProgramImportTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init")
  }

  private func fixture(_ name: String) -> String {
    CommandRunner.packageRoot.appending(path: "Fixtures/importers/\(name)").path
  }

  private static let names = [
    "spotipy-cache-ann", "git-credentials", "gh-hosts.yml", "docker-config.json",
    "google-adc.json", "google-token.json", "gcloud/credentials.db", "msal-token-cache.json",
    "rclone.conf", "netrc", "codex-auth.json", "claude-credentials.json",
    "aws-sso-cache-token.json", "aws-sso-cache-legacy.json", "mutt_oauth2.json",
  ]

  @Test func allRecordsOfAllProgramsGoIntoOneVaultAndStayApart() throws {
    for name in Self.names {
      let result = try command.run("import", fixture(name))
      #expect(result.status == 0, "\(name): \(result.errors)")
      #expect(result.output.hasSuffix(" inserted, 0 updated, 0 unchanged\n"), "\(name)")
    }
    let list = try command.run("list", "--json").output.json(as: [[String: Any]].self)
    #expect(list?.count == 22)
    // Again, nothing changes.
    for name in Self.names {
      #expect(try command.run("import", fixture(name)).output.hasPrefix("0 inserted, 0 updated, "))
    }
  }

  @Test func aFileOfAKnownProgramWithoutATokenIsNoError() throws {
    let result = try command.run("import", fixture("aws-sso-cache-registration.json"))
    #expect(result.status == 0)
    #expect(result.output == "0 inserted, 0 updated, 0 unchanged\n")
    #expect(result.errors.contains("it is the registration of a client, and has no token"))
  }

  @Test func aTokenDictionaryGetsTheIdentityThatTheOptionsSay() throws {
    let result = try command.run(
      "import", "-", "--from", "oauth", "--user", "bo", "--client", "app", "--token-endpoint",
      "https://auth.example/token", input: #"{"access_token":"a","expires_at":4102444800}"#)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try command.run("token", "--user", "bo", "--client", "app").output == "a\n")
    let without = try command.run(
      "import", "-", "--from", "oauth", "--user", "cy", input: #"{"access_token":"c"}"#)
    #expect(without.status == 0)
    #expect(try command.run("token", "--user", "cy", "--client", "oauth").output == "c\n")
  }

  @Test(arguments: [
    ("gh", "a: [b]\n", "line 1: expected 'name: value', as gh writes it"),
    ("gh", "tokens:\n  a: b\n", "the file has a host without 'user', 'users' and 'oauth_token'"),
    ("netrc", "machine a.example pasword x\n", "line 1: expected 'login'"),
    ("docker", "{}", "the file has no 'auths'"), ("claude", "[1]", "the file is no JSON object"),
    ("gcloud", "SQLite format 3", "SQLite: "), ("rclone", "\u{FEFF}x\n", "line 1: expected"),
    ("msal", #"{"RefreshToken":"#, "the text ends inside a record"),
  ])
  func aFileThatIsNotTheProgramsIsOneSentenceAndChangesNothing(
    _ program: String, _ text: String, _ sentence: String
  ) throws {
    let file = command.file("input")
    try command.write(text, to: file)
    let result = try command.run("import", "--from", program, file)
    #expect(result.status == 1)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    #expect(try command.run("list", "--json").output == "[]\n")
  }

  @Test(arguments: [
    ("UTC0", "2030-01-01T00:00:00.123Z"), ("EAST-2", "2029-12-31T22:00:00.123Z"),
    ("WEST5SUMMER,J60,J300", "2030-01-01T05:00:00.123Z"),
  ])
  func aTimeOfMuttIsReadInTheZoneOfTheHost(_ zone: String, _ end: String) throws {
    try command.run("import", fixture("mutt_oauth2.json"), environment: ["TZ": zone])
    let found = try command.run("find", "--user", "ann@zylker.example", "--json")
    #expect(try found.output.json(as: [String: Any].self)?["expires_at"] as? String == end)
  }

  @Test func aDryRunShowsTheRecordsOfAProgramAndWritesNothing() throws {
    let result = try command.run("import", "--dry-run", fixture("gh-hosts.yml"))
    #expect(result.output.contains("3 inserted, 0 updated, 0 unchanged (nothing was written)"))
    #expect(result.output.contains("bob-zylker"))
    #expect(!result.output.contains("gho_invented"))
    #expect(try command.run("list", "--json").output == "[]\n")
  }
}
