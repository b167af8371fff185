import Foundation
import Testing

/// The published test kit is what its generator writes, covers the rules of FileFormat, and the independent reader ends
/// each vector as it says. `FormatVectorTests` has the same of TokenVault.
///
/// It needs Python with `cryptography` 50 or later: the interpreter of TOKENVAULT_TEST_PYTHON, or
/// `.build/python/bin/python3`, which the README's test command makes.
@Suite struct FormatKitTests {
  private static let python =
    ProcessInfo.processInfo.environment["TOKENVAULT_TEST_PYTHON"]
    ?? CommandRunner.packageRoot.appending(path: ".build/python/bin/python3").path
  private static let kit = CommandRunner.packageRoot.appending(path: "Fixtures/format-1")

  private func run(_ script: String, _ directory: String) throws -> CommandRunner.Result {
    let command = try CommandRunner()
    let path = CommandRunner.packageRoot.appending(path: "Tests/\(script)").path
    return try command.wait(command.start(Self.python, ["-B", path, directory]))
  }

  /// The text of each vector, by its name.
  private func vectors(in directory: URL = kit) throws -> [String: String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".txt") }
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0, try String(contentsOf: directory.appending(path: $0), encoding: .utf8))
      })
  }

  @Test func theGeneratorWritesTheSameKitAgain() throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "tokenvault-kit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    let written = try run("FormatVectors/generate.py", directory.path)
    #expect(written.status == 0, "\(written.errors)")
    let (left, right) = (try vectors(in: directory), try vectors())
    #expect(Set(left.keys) == Set(right.keys))
    for (name, text) in left where text != right[name] { Issue.record("\(name) differs") }
  }

  @Test func theIndependentReaderEndsEachVectorAsItSays() throws {
    let read = try run("IndependentReader/run_kit.py", Self.kit.path)
    #expect(read.status == 0, "\(read.output)\(read.errors)")
  }

  @Test func eachRuleOfFileFormatHasVectorsThatFail() throws {
    let page = try String(
      contentsOf: CommandRunner.packageRoot.appending(
        path: "Sources/TokenVault/TokenVault.docc/FileFormat.md"), encoding: .utf8)
    let marks = page.matches(of: /\((sound )?vectors ([^)]*)\)/)
    var (rules, sound): (Set<String>, Set<String>) = ([], [])
    for mark in marks {
      let parts = String(mark.output.2).components(separatedBy: "sound ones")
      let names = parts.map { Set($0.matches(of: /`([a-z0-9-]+)`/).map { String($0.output.1) }) }
      if mark.output.1 == nil { rules.formUnion(names[0]) } else { sound.formUnion(names[0]) }
      if parts.count > 1 { sound.formUnion(names[1]) }
    }
    let failing = try vectors().filter { !Self.isSound($0.value) }
    let counts = Dictionary(grouping: failing.keys, by: Self.rule).mapValues(\.count)
    #expect(Set(counts.keys) == rules)
    #expect(counts.values.allSatisfy { $0 >= 2 }, "\(counts)")
    #expect(Set(try vectors().keys.map(Self.rule)) == rules.union(sound))
  }

  @Test func noTwoVectorsFailByTheSameByteOfARule() throws {
    let all = try vectors()
    let failing = all.filter { !Self.isSound($0.value) }
    let places = failing.values.map {
      "\(Self.value("rule", $0) ?? "") \(Self.value("byte", $0) ?? "")"
    }
    #expect(Set(places).count == failing.count)
    for (name, text) in all { #expect(Self.value("rule", text) == Self.rule(name)) }
    let classes = Set(failing.values.compactMap { Self.value("check", $0) })
    #expect(all.count >= 160 && failing.count >= 120 && classes.count >= 6)
    #expect(all.values.reduce(0) { $0 + $1.utf8.count } <= 2_000_000)
  }

  /// The part of a vector's name before the scenario.
  private static func rule(_ name: String) -> String { name.components(separatedBy: "--")[0] }

  private static func isSound(_ text: String) -> Bool {
    value("open", text) == "records" && value("check", text) == "sound"
  }

  private static func value(_ name: String, _ text: String) -> String? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
    return line.map { String($0.dropFirst(name.count + 2)) }
  }
}
