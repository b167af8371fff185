import Foundation
import Testing

/// An import takes less than twice the memory of its text, whole or not at all.
@Suite struct BoundedImportTests {
  private let command: CommandRunner
  private let memory: MemoryOfCommand
  private static let megabyte = 1 << 20

  init() throws {
    command = try CommandRunner()
    memory = MemoryOfCommand(command)
    try command.run("init", "--quiet")
  }

  /// What a text of some 24 megabytes is, without ids.
  enum Text: CaseIterable {
    case lines, array, csv

    fileprivate func text(records: ClosedRange<Int> = 1...2400) -> String {
      let token = String(repeating: "x", count: 10_000)
      let (head, between, end) =
        switch self {
        case .lines: ("", "\n", "\n")
        case .array: ("[", ",", "]")
        case .csv: ("user_name,access_token\n", "\n", "\n")
        }
      let rows = records.map { number in
        self == .csv
          ? "u\(number),\(number)\(token)"
          : #"{"user_name":"u\#(number)","access_token":"\#(number)\#(token)"}"#
      }
      return head + rows.joined(separator: between) + end
    }
  }

  @Test(arguments: Text.allCases)
  func anImportTakesLessMemoryThanItsTextTwice(_ text: Text) throws {
    let usual = try memory.run(["status"])
    let whole = text.text()
    let file = command.file("input")
    try command.write(whole, to: file)
    for arguments in [["import", file], ["import", "-"], ["import", "--overwrite", "-"]] {
      let isFile = arguments.last == file
      if isFile { #expect(usual.result.status == 0) }
      let ended = try memory.run(arguments, input: isFile ? "" : whole)
      let counts = isFile ? "2400 inserted, 0 updated, 0" : "0 inserted, 0 updated, 2400"
      #expect(ended.result.output == "\(counts) unchanged\n", "\(ended.result)")
      // The second and the third time, the records are there, too.
      let limit = whole.utf8.count * (isFile ? 3 : 5) / 2
      #expect(ended.memory < usual.memory + limit, "\(arguments): \(ended.memory)")
    }
    #expect(try command.run("token", "--user", "u2400").output.hasPrefix("2400xxx"))
  }

  @Test(arguments: ["import -", "cat input | tokenvault import -", "tokenvault import input"])
  func aFaultInTheLastRecordNamesItsLineAndChangesNothing(_ line: String) throws {
    let line = line.hasPrefix("import") ? "tokenvault \(line) < input" : line
    let before = try command.bytes(command.standardVault)
    let bad = "{\"user_name\":\"last\",\"access_token\":tru}\n"
    try command.write(Text.lines.text(records: 1...500) + bad, to: command.file("input"))
    let refused = try command.shell(line)
    #expect(refused.status == 1 && refused.output == "", "\(refused)")
    #expect(refused.errors.contains("line 501"), "\(refused)")
    #expect(try command.bytes(command.standardVault) == before)
    // The same with what only the table refuses.
    let none = "{\"user_name\":\"last\",\"flavour\":\"none\"}\n"
    try command.write(Text.lines.text(records: 1...500) + none, to: command.file("input"))
    let without = try command.shell(line)
    #expect(without.status == 1 && without.errors.contains("record 501"), "\(without)")
    #expect(without.errors.contains("'flavour'"), "\(without)")
    #expect(try command.bytes(command.standardVault) == before)
  }

  @Test func noVaultIsMadeForRecordsThatCannotBeImported() throws {
    try command.shell("rm -rf data state")
    for bad in [#"{"user_name":"b"}"#, #"{"user_name":"b","access_token":1.5}"#] {
      let good = #"{"user_name":"a","access_token":"1"}"#
      let refused = try command.run("import", "-", input: good + "\n" + bad)
      #expect(refused.status != 0 && refused.output == "", "\(refused)")
      #expect(!FileManager.default.fileExists(atPath: command.standardVault))
    }
  }
}
