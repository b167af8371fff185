import Foundation
import Testing

/// Exports to a file: the file has its name when it is whole.
@Suite struct ExportFileTests {
  let command: CommandRunner
  private var directory: String { command.file("exports") }
  private var file: String { "\(directory)/export.json" }

  init() throws {
    command = try CommandRunner()
    try FileManager.default.createDirectory(
      atPath: command.file("exports"), withIntermediateDirectories: false)
    try command.run("init", "--quiet")
    let records = (1...3000).map { #"{"user_name":"\#($0)","access_token":"t"}"# }
    try command.run("import", "-", "--quiet", input: records.joined(separator: "\n"))
  }

  private var arguments: [String] {
    [CommandRunner.command, "export", "--plaintext", "--output", file]
  }

  private func strace(_ options: [String]) throws -> CommandRunner.Result {
    try command.wait(command.start("/usr/bin/strace", ["-f"] + options + arguments))
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
  }

  @Test(arguments: ["write", "fsync", "linkat"])
  func aKillWhileItIsWrittenLeavesNothingUnderItsName(_ call: String) throws {
    let before = try names
    let killed = try strace(
      ["-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=1"])
    #expect(killed.signal == SIGKILL)
    #expect(try names == before)
    let again = try command.run("export", "--plaintext", "--output", file)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try command.bytes(file).count { $0 == 10 } == 3000)
  }

  @Test(arguments: [".new", ".compact", ".previous", ".damaged", ".lock", ""])
  func noExportGoesWhereTheVaultWouldRemoveIt(_ name: String) throws {
    try command.run("delete", "1")
    let path = command.standardVault + name
    let before = try? command.bytes(path)
    let result = try command.run("export", "--plaintext", "--output", path)
    #expect(result.status == 64 && result.errors.contains("for itself"), "\(result)")
    #expect((try? command.bytes(path)) == before)
  }

  /// A file system without files that have no name, and a system without `/proc`.
  @Test(arguments: ["openat:error=EOPNOTSUPP", "linkat:error=ENOENT"])
  func whereAFileCannotBeWithoutANameItIsMadeByASecondOne(_ injection: String) throws {
    let log = command.file("strace.log")
    _ = try strace(["-o", log])
    let calls = String(decoding: try command.bytes(log), as: UTF8.self).split(separator: "\n")
    let name = injection.prefix { $0 != ":" }
    let all = calls.filter { $0.contains(" \(name)(") }
    let number = try #require(
      all.firstIndex { $0.contains("O_TMPFILE") || $0.contains("/proc/self/fd") })
    try FileManager.default.removeItem(atPath: file)
    let before = try names
    let result = try strace(
      ["-o", "/dev/null", "-e", "trace=\(name)", "-e", "inject=\(injection):when=\(number + 1)"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try names == (before + ["export.json"]).sorted())
    #expect(try command.bytes(file).count { $0 == 10 } == 3000)
  }

  @Test(arguments: ["write", "fsync"])
  func anErrorLeavesNothing(_ call: String) throws {
    let before = try names
    let failed = try strace(
      ["-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):error=ENOSPC:when=1"])
    #expect(failed.status == 1 && failed.errors.contains("no space left"), "\(failed.errors)")
    #expect(try names == before)
  }
}
