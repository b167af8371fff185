import ArgumentParser
import Foundation
import Testing

@testable import TokenVaultCLI

/// Output that nobody reads any more, through real pipes.
@Suite struct ClosedPipeTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet")
    try command.run(
      "save", input: #"{"user_name":"a","access_token":"1","refresh_token":"r"}"#)
  }

  /// Runs the command with a pipe as its output whose other end is closed, and with SIGPIPE ignored and blocked, as
  /// a parent may leave it.
  private func runIntoClosedPipe(_ line: String, input: String = "") throws -> CommandRunner.Result
  {
    let script = """
      import os, signal, sys
      signal.signal(signal.SIGPIPE, signal.SIG_IGN)
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPIPE])
      reading, writing = os.pipe()
      os.close(reading)
      os.dup2(writing, 1)
      os.execv(sys.argv[1], sys.argv[1:])
      """
    let words = line.split(separator: " ").map(String.init)
    return try command.wait(
      command.start(
        "/usr/bin/env", ["python3", "-c", script, CommandRunner.command] + words, input: input))
  }

  /// The commands that change nothing.
  static let silent = [
    "list", "list --json", "list --reveal", "find --user a", "find --id 1 --json",
    "export --plaintext", "export --plaintext --format csv", "status", "status --json", "check",
    "check --json", "key list", "key list --json", "policy show", "policy show --json", "--help",
    "--version", "help save", "save --help", "key --help", "--generate-completion-script bash",
    "completion fish",
  ]

  @Test(arguments: silent)
  func whatOnlyPrintsEndsAsBySIGPIPEAndSilently(_ line: String) throws {
    let result = try runIntoClosedPipe(line)
    #expect(result.signal == SIGPIPE && result.errors.isEmpty, "\(line): \(result)")
  }

  @Test func aWatchEndsAsBySIGPIPEAtTheNextChange() throws {
    let script = """
      import subprocess, sys
      watch = subprocess.Popen([sys.argv[1], "watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
      # Read one change, so that it is known to watch, and then no more.
      number = 0
      import threading
      seen = threading.Event()
      threading.Thread(target=lambda: (watch.stdout.readline(), watch.stdout.close(), seen.set())).start()
      while watch.poll() is None and number < 600:
          number += 1
          record = b'{"user_name":"a","scope":"%d"}' % number
          subprocess.run([sys.argv[1], "save"], input=record, stdout=subprocess.DEVNULL, check=True)
          seen.wait(0.1)
      sys.stdout.write("%s %s" % (watch.wait(), watch.stderr.read().decode()))
      """
    let result = try command.wait(
      command.start("/usr/bin/env", ["python3", "-c", script, CommandRunner.command]))
    #expect(result.output == "-13 ", "\(result)")
  }

  /// What has changed something, or is taken for a token by a script.
  @Test(arguments: [
    "token 1", "token --user a --json", "save", "save --json", "import -", "import --json -",
    "import --dry-run -", "delete 1 --json", "purge --idle 90d --json",
    "purge --idle 90d --dry-run --json",
    "policy set --idle 90d --json", "convert --format csv --json", "compact", "compact --json",
    "backup copy.vault --json",
    "repair", "repair --json", "rotate", "rotate --json", "rotate --dry-run",
    "key add --name two --key-file two.key --json", "key accept", "key accept --json",
  ])
  func whatHasChangedSomethingSaysThatItsResultCouldNotBeWritten(_ line: String) throws {
    let line = line.replacing("two.key", with: command.file("two.key"))
      .replacing("copy.vault", with: command.file("copy.vault"))
    let result = try runIntoClosedPipe(line, input: #"{"user_name":"b","access_token":"2"}"#)
    #expect(result.status == 1 && result.signal == nil, "\(line): \(result)")
    #expect(
      result.errors.contains("standard output cannot be written: broken pipe"), "\(line): \(result)"
    )
    if line.hasPrefix("save") {
      #expect(result.errors.contains("the records are saved, but"), "\(result)")
      #expect(try command.run("token", "--user", "b").output == "2\n")
    }
  }

  @Test(arguments: ["refresh 1 --force --", "refresh --all --force --"])
  func aRefreshWhoseResultNobodyReadsIsSavedAndSaysSo(_ line: String) throws {
    try command.write(
      "#!/bin/sh\necho '{\"access_token\":\"new\"}'\n", to: command.file("program"))
    unsafe chmod(command.file("program"), 0o700)
    let result = try runIntoClosedPipe("\(line) \(command.file("program"))")
    #expect(result.status == 1 && result.signal == nil, "\(result)")
    #expect(result.errors.contains("standard output cannot be written: broken pipe"), "\(result)")
    #expect(try command.run("token", "1").output == "new\n")
  }

  /// A new command is in one of the two classes because its author has thought of it.
  @Test func everyCommandIsInOneOfTheTwoClasses() {
    let silent = CommandRunner.commands.filter { $0.type is any OutputOnlyCommand.Type }
    #expect(
      Set(silent.map { $0.words.joined(separator: " ") }) == [
        "list", "find", "export", "watch", "status", "check", "key list", "policy show",
        "completion",
      ])
    let telling = CommandRunner.commands.filter { !($0.type is any OutputOnlyCommand.Type) }
    #expect(
      Set(telling.map { $0.words.joined(separator: " ") }) == [
        "init", "save", "token", "refresh", "delete", "purge", "policy set", "import", "convert",
        "backup", "compact", "repair", "rotate", "key add", "key remove", "key accept", "restore",
        "unlock",
        "lock",
      ])
  }
}
