import Foundation
import Testing
import TokenServerFixture
import TokenVault

/// Signals while a refresh is under way.
@Suite struct RefreshSignalTests: RefreshingSuite {
  let served: ServedVault

  init() throws { served = try ServedVault() }

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
}
