import Foundation
import Testing

/// What `init` leaves where a system call fails, seen on the real disk.
@Suite struct FailedInitTests {
  private static let home = ["data/tokenvault", "state/tokenvault"]

  /// The files that are left, but for the lock file, which another process may wait at; empty ones are marked.
  private func files(_ command: CommandRunner) -> [String] {
    Self.home.flatMap { top -> [String] in
      let paths = FileManager.default.enumerator(atPath: command.file(top))?.allObjects
      return (paths as? [String] ?? []).filter { path in
        let attributes = try? FileManager.default.attributesOfItem(
          atPath: command.file("\(top)/\(path)"))
        return attributes?[.type] as? FileAttributeType == .typeRegular && !path.hasSuffix(".lock")
      }
    }
  }

  private func isEmpty(_ path: String, _ command: CommandRunner) -> Bool {
    Self.home.contains { (try? command.bytes(command.file("\($0)/\(path)")))?.isEmpty ?? false }
  }

  /// Runs `init` under strace with a umask that takes even the owner's right to write.
  private func initialize(
    _ command: CommandRunner, _ options: [String]
  ) throws -> CommandRunner.Result {
    let line = ["umask 277; exec \"$@\"", "sh", "/usr/bin/strace", "-f"] + options
    return try command.wait(
      command.start("/bin/sh", ["-c"] + line + [CommandRunner.command, "init", "--quiet"]))
  }

  @Test(arguments: ["write", "fsync", "linkat", "link", "fchmod", "unlink"])
  func aCallThatFailsLeavesNoFileOrAVault(_ call: String) throws {
    let first = try CommandRunner()
    let log = first.file("strace.log")
    #expect(try initialize(first, ["-o", log, "-e", "trace=\(call)"]).status == 0)
    let count = String(decoding: try first.bytes(log), as: UTF8.self).split(separator: "\n")
      .count { $0.contains(" \(call)(") }
    #expect(count > 0)
    for number in 1...max(1, count) {
      let command = try CommandRunner()
      let result = try initialize(
        command, ["-o", "/dev/null", "-e", "inject=\(call):error=ENOSPC:when=\(number)"])
      let (left, place) = (files(command), "\(call) \(number): \(result.errors)")
      #expect(left.filter { isEmpty($0, command) }.isEmpty, "\(left), \(place)")
      if result.status != 0 { #expect(left.isEmpty, "\(left), \(place)") }
      #expect(try command.run("list").status == (result.status == 0 ? 0 : 9), "\(place)")
    }
  }
}
