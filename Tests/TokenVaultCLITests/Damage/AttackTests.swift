import Foundation
import Testing

/// Each attack of `Tests/Attacks`, carried out with the built command, is refused with its exit code; nothing reaches the
/// attacker, and the vault's bytes stay.
///
/// The scripts need Python with `cryptography` 50 or later: the interpreter of TOKENVAULT_TEST_PYTHON, or
/// `.build/python/bin/python3`, which the README's test command makes.
///
/// They take minutes, so they run with TOKENVAULT_TEST_FULL=1, and always in `.ci/run`. `OtherVaultTests`,
/// `OtherSlotsTests`, `EndpointMoveTests` and `DirectoryCheckTests` carry out their like by the library in each run.
@Suite(.enabled(if: CommandRunner.isFullTest, "they take minutes")) struct AttackTests {
  private static let python =
    ProcessInfo.processInfo.environment["TOKENVAULT_TEST_PYTHON"]
    ?? CommandRunner.packageRoot.appending(path: ".build/python/bin/python3").path
  private static let script = CommandRunner.packageRoot
    .appending(path: "Tests/Attacks/attack.py").path

  private func run(_ arguments: String...) throws -> CommandRunner.Result {
    let command = try CommandRunner()
    return try command.wait(command.start(Self.python, ["-B", Self.script] + arguments))
  }

  private func expectNothingGotThrough(_ attack: String) throws {
    let result = try run(CommandRunner.command, attack)
    #expect(
      result.status == 0 && result.signal == nil && result.errors == "",
      "\(result.output)\(result.errors)")
  }

  @Test(arguments: answers)
  func anInputDoesNotMoveAnotherRecordsSecrets(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test(arguments: memory)
  func thisHostRemembersWhatItHasSeen(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test(arguments: slots)
  func noSlotIsPlanted(_ attack: String) throws { try expectNothingGotThrough(attack) }

  @Test(arguments: rotation)
  func aRotationEndsWhatWasStolen(_ attack: String) throws { try expectNothingGotThrough(attack) }

  @Test(arguments: waysBack)
  func restoreAndRepairAreNoWayRound(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test(arguments: lines)
  func textBecomesALineByThatLinesGrammarAlone(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test(arguments: costs)
  func aHeaderIsBoundedBeforeAnyWork(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can be other users"), arguments: directories)
  func noOtherUserCanPutAFileInAPlace(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test(arguments: writing)
  func aVaultThatWasWrittenFromTheDocumentationIsRead(_ attack: String) throws {
    try expectNothingGotThrough(attack)
  }

  @Test func everyAttackIsCarriedOut() throws {
    let listed = try run("--list").output.split(separator: "\n")
    let byRoot = listed.filter { $0.hasSuffix(" root") }.map { String($0.dropLast(5)) }
    let byAnyone = listed.filter { !$0.hasSuffix(" root") }.map(String.init)
    #expect(byRoot.sorted() == Self.directories.sorted())
    let carriedOut =
      Self.answers + Self.memory + Self.slots + Self.rotation + Self.waysBack + Self.lines
      + Self.costs + Self.writing
    #expect(byAnyone.sorted() == carriedOut.sorted())
  }
}
