import Foundation
import Testing

/// `tokenvault watch`, in a process of its own.
@Suite struct WatchTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet")
    try save(#"{"user_name":"old","access_token":"SECRET"}"#)
  }

  private func save(_ json: String) throws {
    let saved = try command.run("save", input: json)
    #expect(saved.status == 0, "\(saved.errors)")
  }

  /// Lends it while it watches; whatever happens, it is ended.
  private func withWatch(
    _ arguments: String..., body: (CommandRunner.Running) throws -> Void
  ) throws {
    let running = try command.startWithSignals(["watch"] + arguments)
    defer { if running.process.isRunning { kill(running.process.processIdentifier, SIGKILL) } }
    try eventually { isWatching(running) || !running.process.isRunning }
    try body(running)
  }

  private func isWatching(_ running: CommandRunner.Running) -> Bool {
    let directory = "/proc/\(running.process.processIdentifier)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.contains { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "\(directory)/\(name)")
      return target?.contains("inotify") == true
    }
  }

  private func lines(_ running: CommandRunner.Running) throws -> [String] {
    String(decoding: try command.bytes(running.output), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  /// Waits for so many lines, ends it with a signal, and gives what it printed.
  private func end(
    _ running: CommandRunner.Running, after count: Int, _ signal: Int32 = SIGTERM
  ) throws -> [String] {
    try eventually { try lines(running).count >= count || !running.process.isRunning }
    kill(running.process.processIdentifier, signal)
    let printed = try lines(running)
    let result = try command.wait(running)
    #expect(result.signal == signal && result.errors == "", "\(result)")
    return printed
  }

  @Test func eachChangeIsALineOfJSONAtOnce() throws {
    try withWatch("--json") { running in
      try save(#"{"user_name":"new","access_token":"SECRET","x":"SECRET"}"#)
      try eventually { try lines(running).count == 1 }
      try command.run("rotate")
      try save(#"{"user_name":"old","refresh_token":"SECRET","access_token":"SECRET2"}"#)
      try eventually { try lines(running).count == 2 }
      try command.run("delete", "2", "--yes")
      let printed = try end(running, after: 3, SIGINT)
      let objects = try printed.compactMap { try $0.json(as: [String: Any].self) }
      #expect(objects.map { $0["id"] as? String } == ["2", "1", "2"])
      #expect(objects.map { $0["user_name"] as? String } == ["new", "old", "new"])
      #expect(objects.map { $0["change"] as? String } == ["inserted", "updated", "deleted"])
      #expect(objects.map { $0["revision"] as? Int } == [1, 2, 1])
      #expect(
        objects.map { $0["fields"] as? [String] } == [
          ["user_name", "access_token", "x"], ["refresh_token", "access_token"], nil,
        ])
      #expect(objects.allSatisfy { ($0["time"] as? String)?.hasSuffix("Z") == true })
      #expect(!printed.joined().contains("SECRET"))
    }
  }

  @Test func linesAreTabSeparatedAndOneChangeIsOneLine() throws {
    try withWatch { running in
      try save(#"{"user_name":"a\nb\u001b[2J","access_token":"1","odd\nname":"SECRET"}"#)
      try save(#"{"user_name":"old","access_token":"SECRET2"}"#)
      let printed = try end(running, after: 2)
      #expect(printed.count == 2)
      let expected = [
        ["2", #"a\nb\u{1b}[2J"#, "inserted", "1", #"user_name access_token odd\nname"#],
        ["1", "old", "updated", "2", "access_token"],
      ]
      for (line, expected) in zip(printed, expected) {
        let values = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        #expect(values.first?.wholeMatch(of: /20\d\d-\d\d-\d\dT[\d:.]{12}Z/) != nil)
        #expect(Array(values.dropFirst()) == expected)
      }
    }
  }

  @Test func aVaultThatIsGoneEndsItWithTheCodeForThat() throws {
    try withWatch { running in
      try FileManager.default.removeItem(atPath: command.standardVault)
      let result = try command.wait(running)
      #expect(result.status == 9 && result.errors.contains("there is no vault at"))
    }
    #expect(try command.run("watch").status == 9)
  }

  @Test func aClosedPipeEndsItAtTheNextChange() throws {
    let result = try command.shell(
      """
      { tokenvault watch --json; echo "ended $?" >&2; } | head -n 1 &
      n=0
      while jobs -r | grep -q . && [ $n -lt 400 ]; do
        n=$((n + 1))
        echo '{"user_name":"new","access_token":"'$n'"}' | tokenvault save > saved
      done
      wait
      """)
    #expect(result.errors == "ended 141\n", "as by SIGPIPE, and silently")
    #expect(result.output.split(separator: "\n").count == 1)
  }

  @Test func whileNothingHappensItDoesNothing() throws {
    try withWatch { running in
      let path = "/proc/\(running.process.processIdentifier)/status"
      func switches() throws -> [Substring] {
        String(decoding: try command.bytes(path), as: UTF8.self).split(separator: "\n")
          .filter { $0.contains("ctxt_switches") }
      }
      func read() throws { #expect(try command.run("list").status == 0) }
      // First it comes to rest.
      try eventually {
        let before = try switches()
        try read()
        return try switches() == before
      }
      let before = try switches()
      #expect(before.count == 2)
      for _ in 1...5 { try read() }
      #expect(try switches() == before)
      #expect(try end(running, after: 0) == [])
    }
  }

  @Test func whereNoInstanceCanBeHadItSeesEveryChangeByLooking() throws {
    let log = command.file("strace.log")
    let line = [
      "-f", "-qq", "-o", log, "-e", "trace=inotify_init1,inotify_add_watch",
      "-e", "inject=inotify_init1:error=EMFILE", CommandRunner.command, "watch", "--json",
    ]
    let running = try command.start("/usr/bin/strace", line)
    defer { if running.process.isRunning { kill(running.process.processIdentifier, SIGKILL) } }
    try eventually {
      String(decoding: (try? command.bytes(log)) ?? [], as: UTF8.self).contains("EMFILE")
    }
    for number in 2...4 {
      try save(#"{"user_name":"old","access_token":"\#(number)"}"#)
      try eventually { try lines(running).count == number - 1 }
    }
    let objects = try lines(running).compactMap { try $0.json(as: [String: Any].self) }
    #expect(objects.map { $0["revision"] as? Int } == [2, 3, 4])
    try FileManager.default.removeItem(atPath: command.standardVault)
    #expect(try command.wait(running).status == 9)
  }

  /// The driver holds the other end, and shows what comes until the vault is removed.
  @Test func onATerminalItSaysThatItWatches() throws {
    let script = """
      '\(CommandRunner.command)' watch "$@" & watch=$!
      until ls -l /proc/$watch/fd | grep -q inotify; do :; done
      rm '\(command.standardVault)'; wait $watch
      """
    for (arguments, note) in [([], true), (["--quiet"], false)] {
      if !note { try command.run("restore") }
      let driver = CommandRunner.packageRoot.appending(path: "Tests/Terminal/drive.py").path
      let line = [driver, "[]", "/bin/bash", "-c", script, "watch"] + arguments
      let result = try command.wait(command.start("/usr/bin/env", ["python3"] + line))
      let shown = try #require(try result.output.json(as: [String: Any].self))
      let text = try #require(shown["shown"] as? String)
      #expect(text.contains("tokenvault: watching; Ctrl-C ends it") == note, "\(result)")
      #expect(text.contains("there is no vault at") && shown["status"] as? Int == 9)
    }
  }
}
