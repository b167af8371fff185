import Foundation
import Testing

/// Processes that write at once, and processes that are killed.
@Suite struct ProcessTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet")
  }

  /// 50 users each, and 200 with TOKENVAULT_TEST_FULL=1.
  @Test func fourProcessesSavingUsersOfTheirOwnLoseNone() throws {
    let users = CommandRunner.isFullTest ? 200 : 50
    let loop = """
      for n in $(seq \(users)); do
        printf '{"user_name":"%s-%s","access_token":"t"}' $WORKER $n | tokenvault save --lock-timeout 120 || exit 1
      done
      """
    let script = "tokenvault() { '\(CommandRunner.command)' \"$@\"; }\n\(loop)"
    let workers = try (1...4).map { worker in
      try command.start("/bin/bash", ["-c", script], environment: ["WORKER": "w\(worker)"])
    }
    for worker in workers {
      let result = try command.wait(worker)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(Set(result.output.split(separator: "\n")).count == users)
    }
    let list = try command.run("list", "--json").output.json(as: [[String: Any]].self) ?? []
    #expect(Set(list.compactMap { $0["user_name"] as? String }).count == 4 * users)
    #expect(Set(list.compactMap { $0["id"] as? String }).count == 4 * users)
    #expect(try command.run("check").status == 0)
  }

  @Test func twoProcessesUpdatingDifferentFieldsOfOneRecordLoseNoUpdate() throws {
    try command.run("save", input: #"{"user_name":"u","access_token":"t"}"#)
    let script = """
      for n in $(seq 60); do
        printf '{"user_name":"u","%s":"%s"}' $FIELD $n | '\(CommandRunner.command)' save --lock-timeout 120 || exit 1
        '\(CommandRunner.command)' find --user u --json | grep -q "\\"$FIELD\\":\\"$n\\"" || exit 2
      done
      """
    let workers = try ["scope", "api_domain"].map { field in
      try command.start("/bin/bash", ["-c", script], environment: ["FIELD": field])
    }
    for worker in workers { #expect(try command.wait(worker).status == 0) }
    let record = try command.run("find", "--user", "u", "--json").output.json(
      as: [String: Any].self)
    #expect(record?["scope"] as? String == "60" && record?["api_domain"] as? String == "60")
    #expect(record?["revision"] as? Int == 121)
  }

  @Test func aStoppedWriterBlocksOthersNoLongerThanTheirTimeoutAndAKilledOneNotAtAll() throws {
    // A shell that holds the lock as a writer does: an open-file-description lock on byte 0.
    let holder = """
      import fcntl, os, struct, sys
      file = os.open(sys.argv[1], os.O_RDWR)
      fcntl.fcntl(file, 37, struct.pack("hhqqixxxx", fcntl.F_WRLCK, 0, 0, 1, 0))
      fcntl.fcntl(file, fcntl.F_SETLK, struct.pack("hhqqixxxx", fcntl.F_WRLCK, 0, 1 << 62, 1, 0))
      open(sys.argv[2], "w").write("held")
      sys.stdin.read()
      os.kill(os.getpid(), 19)
      """
    try command.write(holder, to: command.file("holder.py"))
    let script = "python3 holder.py '\(command.standardVault).lock' held"
    let running = try command.start("/bin/bash", ["-c", "cd '\(command.home)'; exec \(script)"])
    try eventually { (try? command.bytes(command.file("held")))?.isEmpty == false }
    let late = try command.run("save", "--lock-timeout", "0.2", input: #"{"access_token":"1"}"#)
    #expect(late.status == 6)
    #expect(
      late.errors.contains("which process \(running.process.processIdentifier) holds"),
      "\(late.errors)")
    #expect(try command.run("list").status == 0, "readers take no lock")
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    #expect(
      try command.run("save", "--lock-timeout", "0", input: #"{"access_token":"1"}"#).status == 0)
  }

  /// Under strace, which kills the command before a system call of our choice. Every second call from the lock on,
  /// beginning with the first or the second; all calls with TOKENVAULT_TEST_FULL=1.
  @Test(arguments: ["save", "delete"])
  func aKillBeforeAnySystemCallLeavesTheOldOrTheNewVault(_ verb: String) throws {
    try command.run(
      "save", input: #"[{"user_name":"a","access_token":"1"},{"user_name":"b","access_token":"1"}]"#
    )
    let before = command.file("before")
    try command.shell("cp -a data '\(before)'; cp -a state '\(before)'/state")
    let arguments = verb == "save" ? ["save"] : ["delete", "1"]
    let input = #"{"user_name":"c","access_token":"1"}"#
    let usersAfter = verb == "save" ? ["a", "b", "c"] : ["b"]

    let log = command.file("strace.log")
    _ = try command.wait(
      command.start(
        "/usr/bin/strace", ["-f", "-o", log, CommandRunner.command] + arguments, input: input))
    let calls = try SystemCall.calls(
      String(decoding: command.bytes(log), as: UTF8.self), oursFrom: "tokens.vault.lock")
    #expect(calls.contains { $0.name == "rename" } && calls.contains { $0.name == "fsync" })

    // Not the call that starts the command: then it has not begun.
    let sample = calls.filter {
      (CommandRunner.isFullTest || $0.isOurs) && $0.name != "execve" && !$0.isOfMemory
    }
    let first = Int.random(in: 0...1)
    for (number, call) in sample.enumerated()
    where CommandRunner.isFullTest || number % 2 == first {
      // All of it, what is remembered of the generation too.
      try command.shell("rm -rf data state; cp -a '\(before)' data; mv data/state state")
      let killed = try command.wait(
        command.start(
          "/usr/bin/strace",
          [
            "-f", "-o", "/dev/null", "-e", "trace=\(call.name)", "-e",
            "inject=\(call.name):signal=KILL:when=\(call.count)", CommandRunner.command,
          ] + arguments, input: input))
      #expect(killed.signal == SIGKILL, "\(call)")
      let list = try command.run("list", "--json")
      #expect(list.status == 0, "killed before \(call): \(list.errors)")
      let users = try list.output.json(as: [[String: Any]].self)?.compactMap {
        $0["user_name"] as? String
      }
      #expect(users == ["a", "b"] || users == usersAfter, "killed before \(call)")
      let next = try command.run("save", input: #"{"user_name":"z","access_token":"1"}"#)
      #expect(next.status == 0, "after a kill before \(call): \(next.errors)")
    }
    #expect(sample.count > 15)
  }

  @Test func theCommandLeavesNoCore() throws {
    let log = command.file("strace.log")
    let strace = ["-f", "-o", log, "-e", "trace=prlimit64", CommandRunner.command, "list"]
    _ = try command.wait(command.start("/usr/bin/strace", strace))
    let calls = String(decoding: try command.bytes(log), as: UTF8.self)
    #expect(calls.contains("RLIMIT_CORE, {rlim_cur=1, rlim_max=1}, NULL) = 0"), "\(calls)")
  }
}
