import Foundation
import Testing

/// The lock file is removed while a command is inside, by hand or by a cleaner.
@Suite struct RemovedLockFileTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private func makeVault(records: Int) throws {
    let long = String(repeating: "x", count: 200)
    let old = (0..<records).map { #"{"user_name":"old\#($0)","access_token":"\#(long)"}"# }
    let lines = old + [#"{"user_name":"ann","access_token":"1"}"#]
    #expect(try command.run("save", input: lines.joined(separator: "\n")).status == 0)
  }

  private func users() throws -> Set<String> {
    let list = try command.run("list", "--json")
    #expect(list.status == 0, "\(list.errors)")
    let records = try list.output.json(as: [[String: Any]].self) ?? []
    return Set(records.compactMap { $0["user_name"] as? String })
  }

  private func save(_ user: String) -> String { #"{"user_name":"\#(user)","access_token":"1"}"# }

  /// The calls of a save, which saves `probe`, that do more than look at files.
  private func calls() throws -> [SystemCall] {
    let log = command.file("strace.log")
    let strace = ["-f", "-o", log, CommandRunner.command, "save"]
    _ = try command.wait(command.start("/usr/bin/strace", strace, input: save("probe")))
    let asking: Set = ["fstat", "newfstatat", "lstat", "read", "pread64", "close"]
    let last = "exit_group"
    return try SystemCall.calls(
      String(decoding: command.bytes(log), as: UTF8.self), oursFrom: "tokens.vault.lock"
    ).filter {
      $0.isOurs && !$0.isOfMemory && $0.name != last
        && (CommandRunner.isFullTest || !asking.contains($0.name))
    }
  }

  /// A command that is stopped behind a system call; nil if it ended without making it.
  private func stopped(behind call: SystemCall) throws -> (CommandRunner.Running, pid_t)? {
    let log = command.file("stopped.log")
    try command.write("", to: log)
    // The tracer is a grandchild, so that the process which we started is the command.
    let running = try command.start(
      "/usr/bin/strace",
      [
        "-D", "-f", "-o", log, "-e", "trace=\(call.name)", "-e",
        "inject=\(call.name):signal=STOP:when=\(call.count)", CommandRunner.command, "save",
      ], input: save("held"))
    while running.process.isRunning {
      if try command.bytes(log).contains("stopped by SIGSTOP") {
        return (running, running.process.processIdentifier)
      }
      usleep(1000)
    }
    return nil
  }

  /// A vault that is replaced, and one that is appended to.
  @Test(arguments: [0, 400])
  func aSaveThatIsHeldAtAnyCallAndAnotherOneLoseNothing(records: Int) throws {
    try makeVault(records: records)
    let calls = try calls()
    #expect(calls.count > 5)
    let before = command.file("before")
    try command.shell("cp -a data '\(before)'; cp -a state '\(before)'/state")
    for call in calls {
      try command.shell("rm -rf data state; cp -a '\(before)' data; mv data/state state")
      guard let (held, process) = try stopped(behind: call) else {
        Issue.record("not stopped behind \(call)")
        continue
      }
      try command.shell("rm '\(command.standardVault).lock'")
      let other = try command.run("save", "--lock-timeout", "0", input: save("other"))
      #expect([0, 6].contains(other.status), "\(call): \(other.errors)")
      kill(process, SIGCONT)
      let result = try command.wait(held)
      #expect(result.status == 0, "\(call): \(result.errors)")
      let users = try users()
      #expect(users.contains("held") && (other.status != 0 || users.contains("other")), "\(call)")
      #expect(users.count == records + 3 + (other.status == 0 ? 1 : 0), "\(call)")
    }
  }

  @Test func aServerIsNotCalledTwiceForOneRecord() throws {
    try makeVault(records: 0)
    try command.run(
      "save",
      input: #"{"user_name":"ann","refresh_token":"r0","expires_at":"2020-01-01T00:00:00Z"}"#)
    let script = """
      echo x >> calls
      while ! [ -e answer ]; do sleep 0.01; done
      echo '{"access_token":"new","refresh_token":"r1","expires_in":3600}'
      """
    let refresh = "exec '\(CommandRunner.command)' refresh --user ann -- sh -c \"$SCRIPT\""
    func start() throws -> CommandRunner.Running {
      try command.start(
        "/bin/bash", ["-c", "cd '\(command.home)'; \(refresh)"], environment: ["SCRIPT": script])
    }
    let first = try start()
    while (try? command.bytes(command.file("calls")))?.isEmpty ?? true { usleep(1000) }
    try command.shell("rm '\(command.standardVault).lock'")
    // It finds no lock, and in the vault the word that a living process is at it.
    let log = command.file("second.log")
    try command.write("", to: log)
    let second = try command.start(
      "/usr/bin/strace",
      [
        "-o", log, "-e", "trace=pidfd_open", "/bin/bash", "-c", "cd '\(command.home)'; \(refresh)",
      ], environment: ["SCRIPT": script])
    while try command.bytes(log).contains("pidfd_open") == false {
      try #require(second.process.isRunning)
      usleep(1000)
    }
    try command.write("", to: command.file("answer"))
    for running in [first, second] {
      let result = try command.wait(running)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try command.bytes(command.file("calls")) == Array("x\n".utf8))
    #expect(try command.run("token", "--user", "ann").output == "new\n")
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String) -> Bool {
    String(decoding: self, as: UTF8.self).contains(text)
  }
}
