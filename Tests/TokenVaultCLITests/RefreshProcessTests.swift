import Foundation
import Testing
import TokenServerFixture
import TokenVault

/// Refreshes by several processes at once, by processes that are killed, and by programs.
@Suite struct RefreshProcessTests {
  let command: CommandRunner
  let server: TokenServer

  init() throws {
    command = try CommandRunner()
    server = try TokenServer()
    try command.run("init", "--quiet", "--key-file", command.file("key"))
  }

  private var environment: [String: String] { ["TOKENVAULT_KEY_FILE": command.file("key")] }

  private func save(_ users: [String], _ path: String, expires: String = "2020-01-01T00:00:00Z")
    throws
  {
    let records = users.map { user in
      """
      {"user_name":"\(user)","client_id":"c","client_secret":"s","access_token":"old",
      "refresh_token":"\(user).0","expires_at":"\(expires)","token_endpoint":"\(server.url)\(path)"}
      """
    }
    let saved = try command.run(
      "save", input: records.joined(separator: "\n"), environment: environment)
    #expect(saved.status == 0, "\(saved.errors)")
  }

  private func start(_ arguments: String...) throws -> CommandRunner.Running {
    try command.start(CommandRunner.command, arguments, environment: environment)
  }

  private func openVault() throws -> Vault {
    try Vault(VaultConfiguration(path: command.standardVault, key: .file(command.file("key"))))
  }

  private func record(_ user: String, _ vault: Vault) throws -> OAuthToken {
    try #require(try vault.allTokens().first { $0.userName == user })
  }

  /// Waits until the vault says that a call for a user was begun; gives the process.
  private func caller(_ user: String, _ vault: Vault) throws -> Int32 {
    try #require(try callerUnlessOver(user, vault))
  }

  /// The same; nil where the call was over before it was seen.
  private func callerUnlessOver(_ user: String, _ vault: Vault) throws -> Int32? {
    var process: Int32?
    try eventually {
      let record = try record(user, vault)
      if case .begun(_, let number) = record.history.refresh { process = number }
      return process != nil || record.refreshToken?.revealed != "\(user).0"
    }
    return process
  }

  @Test func aKilledCallerLetsTheNextOneInAndNothingIsUsedTwiceWhileItLives() throws {
    let rounds = CommandRunner.isFullTest ? 250 : 25
    let vault = try openVault()
    var lost = 0
    for round in 1...rounds {
      let user = "u\(round)"
      try save([user], "/token?delay=0.02")
      let running = try (1...8).map { _ in
        try start("token", "--user", user, "--min-ttl", "5m", "--lock-timeout", "120")
      }
      let process = try callerUnlessOver(user, vault)
      usleep(UInt32.random(in: 0...60_000))
      #expect(try server.log().calls.count { $0.family == user } <= 1, "the first one still lives")
      if let process { kill(process, SIGKILL) }
      let results = try running.map { try command.wait($0) }.filter { $0.signal == nil }
      let family = try server.log().families[user]
      let stored = try record(user, vault)
      if try server.log().revoked.contains(user) {
        lost += 1
        // What the killed one was told, nobody knows: and that is what the others say.
        for result in results {
          #expect(result.status == 11 && result.output == "", "\(result)")
          #expect(result.errors.contains("its process ended before the answer was saved"))
        }
        #expect(stored.history.refresh?.isRejected == true && family?.calls == 2)
      } else {
        for result in results {
          #expect(result.status == 0 && result.output == "\(user)-access-1\n", "\(result)")
        }
        #expect(stored.refreshToken?.revealed == "\(user).1" && family?.calls == 1)
        #expect(stored.history.refresh == nil)
      }
      #expect(results.count >= 7)
    }
    #expect(try server.log().reuse == lost)
  }

  @Test func aHundredRecordsAreRefreshedOnceEachByProcessesAtTheSameTime() throws {
    let users = (1...100).map { "u\($0)" }
    // The server answers nothing until it has more calls at once than one process makes.
    try save(users, "/token?together=17")
    let running = try (1...4).map { _ in
      try start("refresh", "--all", "--json", "--timeout", "10m", "--lock-timeout", "120")
    }
    for process in running {
      let result = try command.wait(process)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(result.output.split(separator: "\n").count == 100)
    }
    let log = try server.log()
    #expect(log.total == 100 && log.reuse == 0 && log.families.count == 100)
    #expect(log.mostInProgress >= 17)
    let vault = try openVault()
    for token in try vault.allTokens() {
      #expect(token.refreshToken?.revealed == "\(token.userName ?? "").1")
    }
  }

  @Test func aFreshTokenIsPrintedWithoutTheNetwork() throws {
    try save(["ann"], "/token", expires: "2099-01-01T00:00:00Z")
    let log = command.file("strace.log")
    let strace = [
      "-f", "-o", log, CommandRunner.command, "token", "--user", "ann", "--min-ttl", "5m",
    ]
    let result = try command.wait(
      command.start("/usr/bin/strace", strace, environment: environment))
    #expect(result.output == "old\n" && result.status == 0)
    let calls = String(decoding: try command.bytes(log), as: UTF8.self)
    #expect(!calls.contains("socket(") && !calls.contains("libcurl"))
    #expect(!calls.contains("rename") && !calls.contains("fsync"))
    #expect(try server.log().total == 0)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalWaitsForTheCallThatIsUnderWay(_ signal: Int32) throws {
    try save(["ann"], "/token?hold=")
    let running = try command.startWithSignals(
      ["token", "--user", "ann", "--min-ttl", "5m", "--timeout", "10m"], environment: environment)
    let vault = try openVault()
    let process = try caller("ann", vault)
    try eventually { try server.log().total > 0 }
    kill(process, signal)
    try eventually { try errors(running).contains("a refresh is under way, and ends first") }
    try server.release()
    let result = try command.wait(running)
    #expect(result.signal == signal && result.output == "", "\(result)")
    #expect(try record("ann", vault).refreshToken == "ann.1")
    #expect(try record("ann", vault).history.refresh == nil)
  }

  @Test func aSecondSignalBreaksTheCallOff() throws {
    try save(["ann"], "/hang")
    let running = try command.startWithSignals(
      ["refresh", "--user", "ann"], environment: environment)
    let vault = try openVault()
    let process = try caller("ann", vault)
    try eventually { try server.log().total > 0 }
    kill(process, SIGTERM)
    try eventually { try errors(running).contains("under way") }
    // Not the next one at once: some send theirs twice.
    kill(process, SIGTERM)
    try eventually {
      kill(process, SIGTERM)
      return !running.process.isRunning
    }
    #expect(try command.wait(running).signal == SIGTERM)
    guard case .begun = try record("ann", vault).history.refresh else {
      Issue.record("the vault should say that a call was begun")
      return
    }
  }

  @Test func aProgramThatIsBrokenOffIsNotLeftBehind() throws {
    try save(["ann"], "/hang")
    let running = try command.startWithSignals(
      [
        "refresh", "--user", "ann", "--", "sh", "-c",
        "echo $$ > '\(command.file("pid"))'; sleep 100",
      ],
      environment: environment)
    try eventually { (try? command.bytes(command.file("pid")))?.isEmpty == false }
    let program = try #require(
      Int32(
        String(decoding: try command.bytes(command.file("pid")), as: UTF8.self)
          .trimmingCharacters(in: .newlines)))
    try eventually {
      kill(running.process.processIdentifier, SIGTERM)
      return !running.process.isRunning
    }
    #expect(try command.wait(running).signal == SIGTERM)
    #expect(kill(program, 0) == -1 && errno == ESRCH)
  }

  /// As `timeout` does, which sends its signal to the program and to its group.
  @Test func twoSignalsAtTheSameMomentLoseNoAnswer() throws {
    try save(["ann"], "/token?hold=")
    let running = try command.startWithSignals(
      ["refresh", "--user", "ann", "--timeout", "10m"], environment: environment)
    let vault = try openVault()
    let process = try caller("ann", vault)
    try eventually { try server.log().total > 0 }
    // Both are there when it goes on, however long that takes.
    for signal in [SIGSTOP, SIGTERM, SIGINT, SIGCONT] { kill(process, signal) }
    try eventually { try errors(running).contains("under way") }
    try server.release()
    let result = try command.wait(running)
    #expect([SIGTERM, SIGINT].contains(result.signal), "\(result)")
    let stored = try record("ann", vault)
    #expect(stored.history.refresh == nil && stored.refreshToken == "ann.1")
  }

  private func errors(_ running: CommandRunner.Running) throws -> String {
    String(decoding: try command.bytes(running.errors), as: UTF8.self)
  }

  @Test(arguments: [
    // Prints and hangs; leaves something behind that keeps its output open, which these tests wait for; ends badly.
    // The first takes as long as it may.
    ("cat > /dev/null; echo '{\"access_token\":\"new\",\"expires_in\":3600}'; sleep 100000", "10s"),
    ("echo '{\"access_token\":\"new\",\"expires_in\":3600}'; sleep 3 &", "10m"),
    ("echo '{\"access_token\":\"new\",\"expires_in\":3600}'; exit 7", "10m"),
    (
      "printf '{\"access_token\":\"new\",'; printf '\"expires_in\":3600}'; kill -9 $$", "10m"
    ),
  ])
  func whatAProgramPrintsCountsHoweverItEnds(_ script: String, _ timeout: String) throws {
    try save(["ann"], "/hang")
    let result = try command.run(
      "refresh", "--user", "ann", "--timeout", timeout, "--", "sh", "-c", script,
      environment: environment)
    #expect(result.status == 0 && result.errors == "", "\(result)")
    #expect(try record("ann", openVault()).accessToken == "new")
  }

  @Test func aProgramGetsTheRecordAndNotTheVaultsKey() throws {
    try save(["ann"], "/hang")
    let result = try command.shell(
      """
      tokenvault refresh --user ann --key-fd 7 --json -- sh -c 'cat > seen; cat <&7 2> closed' 7< key
      cat seen closed
      """)
    let record = result.output.split(separator: "\n").first {
      $0.contains("user_name") && $0.contains("ann.0")
    }
    #expect(record != nil, "\(result)")
    #expect(result.output.contains("7"), "descriptor 7 is closed")
    #expect(
      try !result.output.contains(
        String(decoding: command.bytes(command.file("key")), as: UTF8.self)))
  }
}
