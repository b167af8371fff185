import Foundation
import Testing

@testable import TokenVaultCLI

/// Every hint is followed, and things are better afterwards.
@Suite struct HintTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private func shell(
    _ line: String, _ environment: [String: String] = [:]
  ) throws -> CommandRunner.Result {
    try command.shell(HintScenario.prelude + line, environment: environment)
  }

  private func ids(_ opening: String) throws -> Set<String> {
    let list = try shell(#"tokenvault list --json --vault "$VAULT" \#(opening)"#)
    let records = try #require(
      try? list.output.json(as: [[String: Any]].self), "the vault does not open: \(list)")
    return Set(records.compactMap { $0["id"] as? String })
  }

  private func hint(of result: CommandRunner.Result) throws -> String {
    let line = result.errors.split(separator: "\n").first { $0.hasPrefix("hint: ") }
    return String(try #require(line, "no hint: \(result)").dropFirst("hint: ".count))
  }

  @Test(arguments: HintScenario.all)
  func aHintThatIsFollowedMakesThingsBetter(_ scenario: HintScenario) throws {
    let environment = try scenario.arrange?(command) ?? [:]
    let setting = try shell(HintScenario.setting, environment)
    try #require(setting.status == 0, "\(setting)")
    let (before, other) = (try ids(#"--key-file "$KEY""#), try command.bytes(command.standardVault))
    let made = try shell(scenario.before, environment)
    try #require(made.status == 0, "\(made)")
    let failed = try shell(scenario.line, environment)
    #expect(failed.status != 0 && failed.signal == nil, "\(failed)")
    let hint = try hint(of: failed)
    #expect(scenario.isPrinted(as: hint), "\(hint)")
    try follow(hint, scenario, environment)
    let after = try ids(scenario.opening)
    #expect(after.isSuperset(of: before.subtracting(scenario.deleted)), "lost: \(before) \(after)")
    #expect(after.isDisjoint(with: scenario.deleted))
    #expect(try command.bytes(command.standardVault) == other, "another vault was changed")
  }

  private func follow(
    _ hint: String, _ scenario: HintScenario, _ environment: [String: String]
  ) throws {
    switch scenario.following {
    case .option(let option):
      let name = try #require(option.split(separator: " ").first)
      #expect(hint.contains(name), "\(hint)")
      try expectSuccess(scenario.goal ?? "\(scenario.line) \(option)", environment)
    case .asPrinted:
      try followCommands(of: hint, environment)
      try expectSuccess(scenario.goal ?? scenario.line, environment)
    case .words(let lines):
      var environment = environment
      environment["HINT"] = HintScenario.command(in: hint)
      try expectSuccess("set -e\n\(lines)", environment)
      try expectSuccess(scenario.goal ?? scenario.line, environment)
    }
  }

  /// Runs what a hint has at its end; where that fails with a hint, what that has.
  private func followCommands(of hint: String, _ environment: [String: String]) throws {
    var hint = hint
    for _ in 1...4 {
      let result = try shell("{ \(HintScenario.command(in: hint)); } > printed", environment)
      if result.status == 0 { return }
      hint = try self.hint(of: result)
    }
    Issue.record("hints that do not end: \(hint)")
  }

  private func expectSuccess(_ line: String, _ environment: [String: String]) throws {
    let result = try shell(line, environment)
    #expect(result.status == 0, "\(line): \(result)")
  }

  @Test(arguments: [
    (#"cp -p "$VAULT" "$VAULT.damaged""#, "check"), (":", "status"),
  ])
  func aCommandThatAReportNamesActsOnThatVault(_ before: String, _ report: String) throws {
    _ = try HintScenario.old(100)(command)
    let setting = try shell("\(HintScenario.setting) && \(before)")
    #expect(setting.status == 0, "\(setting)")
    let (other, told) = (try command.bytes(command.standardVault), try shell("tv \(report)"))
    let named = try #require((told.output + told.errors).ranges(of: ": tokenvault ").last)
    let line = (told.output + told.errors)[named.upperBound...]
    let result = try shell(#"tokenvault --key-file "$KEY" \#(line)"#)
    #expect(result.status == 0, "\(line): \(result)")
    #expect(try !shell("tv \(report)").output.contains("set aside"))
    #expect(try command.bytes(command.standardVault) == other)
    #expect(try ids(#"--key-file "$KEY""#) == ["1", "2", "3"])
  }

  @Test func aProcessWithoutArgumentsIsToldHowToStart() throws {
    let failure = #expect(throws: Failure.self) { try unsafe ProcessArguments(count: 0, nil) }
    #expect(failure?.hint == HintScenario.ofMissingArguments)
    #expect(try shell("tokenvault --version").status == 0)
  }

  @Test func everyHintOfTheSourcesHasItsScenario() throws {
    let scenarios = HintScenario.all + HintScenario.ofOwners + HintScenario.ofMounts
    let known = Set(scenarios.map(\.hint)).union(HintScenario.followedByDamageTests.keys)
      .union([HintScenario.ofMissingArguments])
    let templates = try HintSources.templates()
    for hint in templates.subtracting(known).sorted() { Issue.record("no scenario: \(hint)") }
    for hint in known.subtracting(templates).sorted() { Issue.record("no such hint: \(hint)") }
    #expect(
      try HintSources.passedOn().isSubset(of: [
        "String", "String?", "error.hint", "first.hint", "hint",
      ]))
    let damage = try HintSources.read("Tests/TokenVaultCLITests/Damage/DamageTests.swift")
    for (hint, test) in HintScenario.followedByDamageTests {
      #expect(damage.contains("func \(test)("), "\(hint)")
    }
  }
}
