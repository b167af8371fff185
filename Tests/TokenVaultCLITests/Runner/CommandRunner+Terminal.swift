import Foundation
import Testing

extension CommandRunner {
  /// What a terminal showed, and how the command on it ended.
  struct Shown: Decodable {
    let shown: String
    let status: Int32?

    /// The lines without what colors them.
    var lines: [String] {
      shown.replacing(/\u{1B}\[[0-9;]*[mK]/, with: "").split(separator: "\r\n").map(String.init)
    }
  }

  /// Runs lines of shell, in which `tokenvault` is the command, on a terminal of so many columns.
  func onTerminal(
    columns: Int, _ lines: String, steps: [[String]] = [], environment: [String: String] = [:]
  ) throws -> Shown {
    let driver = Self.packageRoot.appending(path: "Tests/Terminal/drive.py").path
    let script = """
      COMMAND='\(Self.command)'; tokenvault() { "$COMMAND" "$@"; }
      cd '\(home)'; stty cols \(columns); \(lines)
      """
    let json = String(decoding: try JSONEncoder().encode(steps), as: UTF8.self)
    let result = try wait(
      start(
        "/usr/bin/env", ["python3", driver, json, "/bin/bash", "-c", script],
        environment: ["TERM": "xterm"].merging(environment) { $1 }))
    #expect(result.status == 0, "\(result)")
    return try JSONDecoder().decode(Shown.self, from: Data(result.output.utf8))
  }
}
