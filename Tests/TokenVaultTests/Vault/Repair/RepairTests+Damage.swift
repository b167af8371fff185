import Foundation
import Testing

@testable import TokenVault

extension RepairTests {
  /// A place in a commit.
  struct Place: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// From the commit's first byte; negative from its end.
    let offset: Int

    func index(in commit: Range<Int>) -> Int {
      offset < 0 ? commit.upperBound + offset : commit.lowerBound + offset
    }
  }

  static let places = [
    Place(testDescription: "the first byte of the frame", offset: 0),
    Place(testDescription: "the last byte of the length", offset: 7),
    Place(testDescription: "the number", offset: 8),
    Place(testDescription: "the flushed mark", offset: 23),
    Place(testDescription: "the tag of the one before", offset: 30),
    Place(testDescription: "the nonce", offset: 63),
    Place(testDescription: "the records", offset: 70),
    Place(testDescription: "the end", offset: -1),
  ]

  @Test(arguments: RecordFormat.allCases, places)
  func aDamagedCommitInTheMiddleCostsItselfAndNoLaterOne(
    _ format: RecordFormat, _ place: Place
  ) throws {
    let layout = try makeVault(format)
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[1]))
    try directory.write(bytes, to: Self.name)
    let damage = TokenVaultError.damagedLogEntry(
      path: path, offset: Int64(layout.commits[1].lowerBound))
    #expect(throws: damage) { try Vault(directory.configuration()).allTokens() }
    try expectRepair(of: bytes, loses: [2])
  }

  @Test(arguments: places)
  func theCountIsRightAlsoWhereNoGenerationIsRemembered(_ place: Place) throws {
    let layout = try makeVault()
    try directory.forgetGenerations()
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[1]))
    try expectRepair(of: bytes, loses: [2])
  }

  @Test(arguments: places)
  func aDamagedLastCommitCostsItself(_ place: Place) throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[4]))
    try expectRepair(of: bytes, loses: [5])
    try directory.forgetGenerations()
    // It may never have been finished.
    try expectRepair(
      of: bytes, loses: [5], counted: 0, unfinished: layout.logEnd - layout.commits[4].lowerBound,
      "nothing is remembered")
  }

  @Test(arguments: places)
  func aDamagedFirstCommitCostsNoLaterOne(_ place: Place) throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[0]))
    try expectRepair(of: bytes, loses: [1])
  }

  @Test func severalDamagedCommitsAreCountedEach() throws {
    let layout = try makeVault()
    var bytes = Self.changing(layout.bytes, at: layout.commits[1].lowerBound + 90)
    bytes = Self.changing(bytes, at: layout.commits[3].lowerBound + 3)
    try expectRepair(of: bytes, loses: [2, 4])
    try directory.forgetGenerations()
    let all = layout.commits.reduce(layout.bytes) { Self.changing($0, at: $1.upperBound - 1) }
    try expectRepair(
      of: all, loses: [1, 2, 3, 4, 5], counted: 0,
      unfinished: layout.logEnd - layout.commits[0].lowerBound)
  }

  @Test func severalFramesThatAreDamagedAtTheEndAreCountedByWhatIsRemembered() throws {
    let layout = try makeVault()
    let bytes = layout.commits[3...].reduce(layout.bytes) {
      Self.changing($0, at: $1.lowerBound + 4)
    }
    try expectRepair(of: bytes, loses: [4, 5])
    try directory.forgetGenerations()
    try expectRepair(
      of: bytes, loses: [4, 5], counted: 0,
      unfinished: layout.logEnd - layout.commits[3].lowerBound, generation: 7)
  }

  @Test func aCommitThatWasTakenOutCostsNoOther() throws {
    let layout = try makeVault()
    let bytes =
      Array(layout.bytes[..<layout.commits[1].lowerBound])
      + layout.bytes[layout.commits[2].lowerBound...]
    try expectRepair(of: bytes, loses: [2])
  }

  @Test func blocksThatWereNeverWrittenAmongCommitsCostWhatWasThere() throws {
    let layout = try makeVault()
    var bytes = layout.bytes
    let hole = layout.commits[1].lowerBound + 40..<layout.commits[2].lowerBound + 40
    bytes.replaceSubrange(hole, with: repeatElement(0, count: hole.count))
    try expectRepair(of: bytes, loses: [2, 3])
  }

  /// All saves are there, and each opens.
  @Test func whatWasPutBetweenTwoCommitsCostsNoSave() throws {
    let layout = try makeVault()
    let place = layout.commits[2].lowerBound
    let bytes =
      layout.bytes[..<place] + [UInt8](repeating: 7, count: 2 * LogFrame.size)
      + layout.bytes[place...]
    try expectRepair(of: Array(bytes), loses: [], counted: 0, sound: 5, generation: 8)
  }

  // MARK: Other stores

  @Test func storesThatWereOpenAndNewOnesGoOnWithoutAskingForARollback() throws {
    let layout = try makeVault()
    let readers = try (0..<2).map { _ in try Vault(directory.configuration()) }
    for reader in readers { #expect(try reader.findWithoutUse(TokenQuery(userName: "u5")) != nil) }
    #expect(try readers[0].allTokens().count == 6, "one has decoded them")
    for index in [1, 4] {
      let bytes = Self.changing(layout.bytes, at: layout.commits[index].upperBound - 1)
      try directory.write(bytes, to: Self.name)
      let report = try repair()
      for reader in readers {
        #expect(try reader.status().generation == report.generation)
        #expect(try reader.allTokens().count == 5)
      }
      #expect(try readers[0].save(smallToken("z\(index)")).change == .inserted)
      #expect(try Vault(directory.configuration()).allTokens() == readers[1].allTokens())
    }
  }

  @Test func aStoreThatIsOpenNamesTheDamageAndChangesNothing() throws {
    let layout = try makeVault()
    let vault = try Vault(directory.configuration())
    let bytes = Self.changing(layout.bytes, at: layout.commits[4].upperBound - 1)
    try directory.write(bytes, to: Self.name)
    let damage = TokenVaultError.damagedLogEntry(
      path: path, offset: Int64(layout.commits[4].lowerBound))
    #expect(throws: damage) { try Vault(directory.configuration()) }
    #expect(throws: damage) { try vault.save(smallToken("new")) }
    #expect(throws: damage) { try vault.deleteToken(id: "1") }
    #expect(throws: damage) { try vault.compact() }
    #expect(throws: damage) { try vault.check() }
    #expect(try directory.bytes(Self.name) == bytes)
  }
}
