import Foundation
import Testing

@testable import TokenVault

extension RepairTests {
  /// A place in a commit, and whether the next one can be opened where it is damaged.
  struct Place: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// From the commit's first byte; negative from its end.
    let offset: Int
    var costsNext = false

    func index(in commit: Range<Int>) -> Int {
      offset < 0 ? commit.upperBound + offset : commit.lowerBound + offset
    }
  }

  static let places = [
    Place(testDescription: "the first byte of the length", offset: 0),
    Place(testDescription: "the last byte of the length", offset: 7),
    Place(testDescription: "the number", offset: 15), Place(testDescription: "the tag", offset: 20),
    Place(testDescription: "the first byte of the salt", offset: 32, costsNext: true),
    Place(testDescription: "the last byte of the salt", offset: 55, costsNext: true),
    Place(testDescription: "the commitment", offset: 60),
    Place(testDescription: "the records", offset: 100),
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
    try expectRepair(of: bytes, loses: place.costsNext ? [2, 3] : [2])
  }

  @Test(arguments: places)
  func theCountIsRightAlsoWhereNoGenerationIsRemembered(_ place: Place) throws {
    let layout = try makeVault()
    try directory.forgetGenerations()
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[1]))
    try expectRepair(of: bytes, loses: place.costsNext ? [2, 3] : [2])
  }

  @Test(arguments: places)
  func aDamagedLastCommitCostsItself(_ place: Place) throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[4]))
    try expectRepair(of: bytes, loses: [5])
    try directory.forgetGenerations()
    try expectRepair(of: bytes, loses: [5], "nothing is remembered")
  }

  @Test(arguments: places)
  func aDamagedFirstCommitCostsNoLaterOne(_ place: Place) throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: place.index(in: layout.commits[0]))
    try expectRepair(of: bytes, loses: place.costsNext ? [1, 2] : [1])
  }

  @Test func severalDamagedCommitsAreCountedEach() throws {
    let layout = try makeVault()
    var bytes = Self.changing(layout.bytes, at: layout.commits[1].lowerBound + 90)
    bytes = Self.changing(bytes, at: layout.commits[3].lowerBound + 3)
    try expectRepair(of: bytes, loses: [2, 4])
    try directory.forgetGenerations()
    let all = layout.commits.reduce(layout.bytes) { Self.changing($0, at: $1.upperBound - 1) }
    try expectRepair(of: all, loses: [1, 2, 3, 4, 5])
  }

  @Test func severalFramesThatAreDamagedAtTheEndAreCountedByWhatIsRemembered() throws {
    let layout = try makeVault()
    let bytes = layout.commits[3...].reduce(layout.bytes) {
      Self.changing($0, at: $1.lowerBound + 4)
    }
    try expectRepair(of: bytes, loses: [4, 5])
    try directory.forgetGenerations()
    // At least one; how many there were, nobody knows.
    try expectRepair(of: bytes, loses: [4, 5], counted: 1, highest: 6)
  }

  @Test func damageAndAnUnfinishedTailAreToldApart() throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: layout.commits[1].upperBound - 1)
    try expectRepair(of: bytes + [1, 2, 3], loses: [2], unfinished: 3)
  }

  @Test func aCommitThatWasTakenOutCostsTheNextOneToo() throws {
    let layout = try makeVault()
    let bytes =
      Array(layout.bytes[..<layout.commits[1].lowerBound])
      + layout.bytes[layout.commits[2].lowerBound...]
    try expectRepair(of: bytes, loses: [2, 3])
  }

  @Test func blocksThatWereNeverWrittenAmongCommitsCostWhatWasThere() throws {
    let layout = try makeVault()
    var bytes = layout.bytes
    let hole = layout.commits[1].lowerBound + 40..<layout.commits[2].lowerBound + 40
    bytes.replaceSubrange(hole, with: repeatElement(0, count: hole.count))
    try expectRepair(of: bytes, loses: [2, 3, 4], "the salt of the third is gone too")
  }

  /// All saves are there, and each opens.
  @Test func whatWasPutBetweenTwoCommitsCostsNoSave() throws {
    let layout = try makeVault()
    let place = layout.commits[1].upperBound
    let bytes =
      layout.bytes[..<place] + [UInt8](repeating: 7, count: 100) + layout.bytes[place...]
    // What cannot be read counts as one.
    try expectRepair(of: Array(bytes), loses: [], counted: 1, sound: 5, highest: 8)
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
    let bytes = Self.changing(layout.bytes, at: layout.commits[2].upperBound - 1) + [1]
    try directory.write(bytes, to: Self.name)
    let damage = TokenVaultError.damagedLogEntry(
      path: path, offset: Int64(layout.commits[2].lowerBound))
    #expect(throws: damage) { try Vault(directory.configuration()) }
    #expect(throws: damage) { try vault.save(smallToken("new")) }
    #expect(throws: damage) { try vault.deleteToken(id: "1") }
    #expect(throws: damage) { try vault.compact() }
    #expect(throws: damage) { try vault.check() }
    #expect(try directory.bytes(Self.name) == bytes)
  }
}
