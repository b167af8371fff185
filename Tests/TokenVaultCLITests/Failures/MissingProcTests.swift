import Foundation
import Testing

@testable import TokenVaultCLI

/// Sandboxes without `/proc`, from which Swift's `CommandLine` has its arguments.
@Suite struct MissingProcTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  /// Whether this machine lets us have a mount namespace of our own.
  static let canHideProc: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = ["-rm", "mount", "-t", "tmpfs", "none", "/proc"]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private func shellWithoutProc(_ line: String) throws -> CommandRunner.Result {
    let script = """
      mount -t tmpfs none /proc && [ ! -e /proc/self ] || exit 99
      COMMAND='\(CommandRunner.command)'; tokenvault() { "$COMMAND" "$@"; }
      cd '\(command.home)'
      \(line)
      """
    return try command.wait(
      command.start("/usr/bin/unshare", ["-rm", "/bin/bash", "-c", script]))
  }

  /// Each line of shell, and what its output has in it.
  static let lines: [(line: String, output: String)] = [
    ("tokenvault init --recovery > code", ""),
    (#"echo '{"user_name":"a","access_token":"1","refresh_token":"r"}' | tokenvault save"#, "1\n"),
    (#"echo '[{"user_name":"b","access_token":"2"}]' | tokenvault import -"#, "1 inserted"),
    ("tokenvault find --user b --reveal", "access_token    2"),
    ("tokenvault token --user a", "1\n"),
    (#"tokenvault refresh 1 --force -- echo '{"access_token":"3"}'"#, "refreshed"),
    (#"tokenvault token 1 --min-ttl 1s"#, "3\n"),
    ("tokenvault list --json", #""id":"2""#),
    ("tokenvault delete 2 --json", "deleted"),
    ("tokenvault policy set --expired 7d --json", "604800"),
    ("tokenvault policy show --json", "604800"),
    ("tokenvault purge --dry-run --json", "{"),
    ("tokenvault export --plaintext", #""access_token":"3""#),
    ("tokenvault export --plaintext --output plain && cat plain", #""access_token":"3""#),
    ("tokenvault convert --format csv --json", #""format":"csv""#),
    ("tokenvault status", "tokens      1"),
    ("tokenvault check", "is sound"),
    ("tokenvault backup copy.vault", "copied to"),
    ("tokenvault compact", "generation"),
    ("tokenvault repair", ""),
    ("tokenvault key add --name two --key-file two.key --json", #""two""#),
    ("tokenvault key list", "two"),
    ("tokenvault key accept", "accepted"),
    ("tokenvault key remove two --json", "two"),
    ("tokenvault rotate --json", #""generation""#),
    (#"echo '{"user_name":"c","access_token":"4"}' | tokenvault save && tokenvault restore"#, "1"),
    ("tokenvault lock --json || [ $? = 1 ]", ""),
    (
      "tokenvault unlock --json --timeout 1m || [ $? = 1 ]; tokenvault lock --quiet || [ $? = 1 ]",
      ""
    ),
    (
      """
      (exec "$COMMAND" watch > changes) & watcher=$!  # tokenvault watch
      for n in {1..600}; do
        [ -s changes ] && break
        echo '{"user_name":"a","scope":"'$n'"}' | tokenvault save > /dev/null; sleep 0.1
      done
      kill -KILL $watcher; cat changes
      """, "scope"
    ),
    ("tokenvault completion bash", "complete"),
    ("tokenvault --help", "SUBCOMMANDS"),
    ("tokenvault --version", "."),
  ]

  @Test(.enabled(if: canHideProc))
  func everyCommandDoesItsWorkWithoutProc() throws {
    for (line, output) in Self.lines {
      let result = try shellWithoutProc(line)
      #expect(result.status == 0 && result.signal == nil, "\(line): \(result)")
      #expect(output.isEmpty || result.output.contains(output), "\(line): \(result)")
      #expect(output == "SUBCOMMANDS" || !result.output.contains("USAGE"), "\(line): \(result)")
    }
    for (words, _) in CommandRunner.commands {
      let name = "tokenvault \(words.joined(separator: " "))"
      #expect(Self.lines.contains { $0.line.contains(name) }, "\(name) is not tried")
    }
  }

  @Test(.enabled(if: canHideProc))
  func whatIsWrongIsAnErrorWithoutProcToo() throws {
    for (line, status) in [
      ("tokenvault", 64), ("tokenvault nonsense", 64), ("tokenvault token 9", 9),
      ("tokenvault refresh 1 --", 64),
    ] as [(String, Int32)] {
      let result = try shellWithoutProc(line)
      #expect(result.status == status && result.output.isEmpty, "\(line): \(result)")
    }
  }

  @Test func aProcessWithoutAnyArgumentsSaysSoAndFails() {
    #expect(unsafe CommandProcess.status(count: 0, nil) == 1)
    let failure = #expect(throws: Failure.self) { try unsafe ProcessArguments(count: 0, nil) }
    #expect(failure?.sentence.contains("without arguments") == true)
  }
}
