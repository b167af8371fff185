import Foundation
import Testing
import TokenServerFixture
import TokenVault

/// Refreshes by several processes at once, and by processes that are killed.
@Suite struct RefreshProcessTests: RefreshingSuite {
  let served: ServedVault

  init() throws { served = try ServedVault() }

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
}
