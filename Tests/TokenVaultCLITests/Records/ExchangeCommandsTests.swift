import Foundation
import Testing

/// Imports and exports of every format.
@Suite struct ExchangeCommandsTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  @Test func importsOfEveryFormatAndRehearsals() throws {
    let edge = CommandRunner.fixture("filestore-edge.csv")
    #expect(try command.run("import", "--dry-run", edge).output.hasPrefix("20 inserted"))
    #expect(!FileManager.default.fileExists(atPath: command.file("data")))
    try command.run("init")
    let rehearsal = try command.run("import", "--dry-run", edge, "--json")
    #expect(try rehearsal.output.json(as: [String: Int].self)?["inserted"] == 20)
    #expect(try command.run("list", "--json").output == "[]\n")
    let real = try command.run("import", edge)
    #expect(real.errors.contains("records 17, 19: 'expiry_time' is no time that is understood"))
    for format in ["zoho-csv", "csv", "json"] {
      let file = command.file("out.\(format)")
      #expect(
        try command.run("export", "--format", format, "--output", file, "--plaintext").status == 0)
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      for from in ["auto", format] {
        let again = try command.run("import", file, "--from", from)
        #expect(again.output == "0 inserted, 0 updated, 20 unchanged\n")
      }
      let other = try command.run(
        "import", "-", "--from", format == "json" ? "csv" : "json",
        input: String(decoding: command.bytes(file), as: UTF8.self))
      #expect(other.status == 1)
    }
    #expect(try command.bytes(command.file("out.zoho-csv")) == command.bytes(edge))
  }

  @Test func exportsNeedTheWordAndNeverOverwrite() throws {
    try command.run("save", input: #"{"user_name":"a","access_token":"1","scope":"x","mine":"y"}"#)
    let refused = try command.run("export")
    #expect(refused.status == 64 && refused.output == "" && refused.errors.contains("--plaintext"))
    try command.write("mine", to: command.file("there"))
    #expect(try command.run("export", "--plaintext", "--output", command.file("there")).status == 7)
    #expect(try command.bytes(command.file("there")) == Array("mine".utf8))
    let zoho = try command.run("export", "--format", "zoho-csv", "--plaintext")
    #expect(zoho.status == 0 && zoho.errors.contains("no column for mine, scope"))
    let record = try command.run("export", "--plaintext").output
    let expected =
      /{"id":"1","user_name":"a","access_token":"1","scope":"x","revision":1,"first_saved_at":"2[-T:.0-9]+Z","mine":"y"}\n/
    #expect(record.wholeMatch(of: expected) != nil, "\(record)")
  }
}
