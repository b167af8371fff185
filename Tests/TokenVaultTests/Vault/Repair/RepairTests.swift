import Foundation
import Testing

@testable import TokenVault

/// Repairs of a large vault whose end is damaged.
@Suite struct RepairTests {
  let directory: TemporaryDirectory
  static let name = "tokens.vault"
  private static let copyName = "tokens.vault.damaged"

  init() throws { directory = try TemporaryDirectory() }

  var path: String { directory.file(Self.name) }

  /// What each commit saves: the user, and the access token.
  static let saves = [("a", "1"), ("u2", "2"), ("b", "3"), ("a", "4"), ("u5", "5")]

  /// A vault of generation 7, with a commit for each of the saves.
  @discardableResult
  func makeVault(_ format: RecordFormat = .json) throws -> FileLayout {
    let vault = try directory.largeVault(format: format)
    for (user, access) in Self.saves { try vault.save(smallToken(user, access)) }
    return try directory.layout()
  }

  /// What is there when these saves, counted from 1, are lost: the users, and the ends of their access tokens.
  static func contents(without lost: Set<Int> = []) -> [String] {
    var contents = ["a", "b", "c", "d"].map { ($0, "x") }
    for (index, save) in saves.enumerated() where !lost.contains(index + 1) {
      if let place = contents.firstIndex(where: { $0.0 == save.0 }) {
        contents[place] = save
      } else {
        contents.append(save)
      }
    }
    return contents.map { "\($0.0) \($0.1)" }
  }

  func contents() throws -> [String] {
    try Vault(directory.configuration()).allTokens().map {
      "\($0.userName ?? "") \($0[.accessToken]?.suffix(1) ?? "")"
    }
  }

  func repair() throws -> RepairReport { try Vault.repair(directory.configuration()) }

  /// Writes a damaged vault, repairs it, and compares what comes of it.
  func expectRepair(
    of bytes: [UInt8], loses lost: Set<Int>, counted: Int? = nil, sound: Int? = nil,
    unfinished: Int = 0, generation: UInt64 = 8, _ comment: Comment? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    try directory.write(bytes, to: Self.name)
    try? FileManager.default.removeItem(atPath: directory.file(Self.copyName))
    var report = try repair()
    let expected = Self.contents(without: lost)
    #expect(report.tokensFromSnapshot <= 4, comment, sourceLocation: location)
    report.tokensFromSnapshot = 0
    #expect(
      report
        == RepairReport(
          path: path, copy: directory.file(Self.copyName),
          soundSaves: sound ?? Self.saves.count - lost.count, lostSaves: counted ?? lost.count,
          unfinishedBytes: unfinished, tokens: expected.count, generation: generation),
      comment, sourceLocation: location)
    #expect(try directory.bytes(Self.copyName) == bytes, comment, sourceLocation: location)
    #expect(try contents() == expected, comment, sourceLocation: location)
    #expect(try directory.layout().commits.isEmpty, comment, sourceLocation: location)
    let again = try repair()
    #expect(again.copy == nil && again.generation == generation, comment, sourceLocation: location)
  }

  static func changing(_ bytes: [UInt8], at index: Int) -> [UInt8] {
    var bytes = bytes
    bytes[index] ^= 0x40
    return bytes
  }

  // MARK: Nothing wrong

  @Test(arguments: RecordFormat.allCases)
  func whereNothingIsWrongNothingIsWritten(_ format: RecordFormat) throws {
    let layout = try makeVault(format)
    let (names, inode) = (try directory.names, try directory.inode())
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let report = try Vault.repair(configuration)
    #expect(
      report
        == RepairReport(
          path: path, copy: nil, soundSaves: 5, lostSaves: 0, unfinishedBytes: 0, tokens: 6,
          generation: 7, tokensFromSnapshot: 2))
    #expect(Set(disk.calls).isDisjoint(with: Self.writingCalls))
    #expect(try directory.bytes(Self.name) == layout.bytes)
    #expect(try directory.names == names)
    #expect(try directory.inode() == inode)
  }

  static let writingCalls: Set = [
    "open creating", "open creatingUnnamed", "write", "pwrite", "ftruncate", "rename", "link",
    "linkat", "unlink", "fsync", "fdatasync",
  ]

  @Test func aSmallVaultWithoutCommitsIsSoundToo() throws {
    try Vault.create(directory.configuration()).save(smallToken("a"))
    let (bytes, names) = (try directory.bytes(Self.name), try directory.names)
    let report = try repair()
    #expect(report.copy == nil && report.soundSaves == 0 && report.lostSaves == 0)
    #expect(report.tokens == 1 && report.generation == 2)
    #expect(try directory.bytes(Self.name) == bytes && directory.names == names)
  }

  // MARK: Unfinished tails

  @Test(arguments: RecordFormat.allCases)
  func whatAKilledWriterHasLeftIsTakenAwayAndNoSaveIsLost(_ format: RecordFormat) throws {
    let sound = try makeVault(format)
    var configuration = directory.configuration()
    // Half is written.
    configuration.disk = CuttingDisk(refusing: ["pwrite"])
    #expect(throws: TokenVaultError.self) { try Vault(configuration).save(smallToken("new")) }
    let torn = try directory.bytes(Self.name)
    #expect(torn.count == sound.bytes.count && torn != sound.bytes)
    #expect(try contents() == Self.contents())
    // Above the one that was begun.
    try expectRepair(
      of: torn, loses: [], unfinished: Self.unfinished(torn, behind: sound), generation: 9)
  }

  /// The bytes behind a log, up to the last frame's worth that is not zeros.
  static func unfinished(_ bytes: [UInt8], behind layout: FileLayout) -> Int {
    let rest = bytes[layout.logEnd...]
    let last = rest.lastIndex { $0 != 0 } ?? layout.logEnd
    return (last - layout.logEnd) / LogFrame.size * LogFrame.size + LogFrame.size
  }

  @Test func whatIsBehindTheLastSaveIsUnfinishedWhateverItIs() throws {
    let sound = try makeVault()
    for tail in [
      [1], Array(sound.bytes[sound.commits[4]].suffix(31)), [UInt8](repeating: 7, count: 1000),
    ] {
      try directory.forgetGenerations()
      var bytes = sound.bytes
      bytes.replaceSubrange(sound.logEnd..<sound.logEnd + tail.count, with: tail)
      try expectRepair(
        of: bytes, loses: [], unfinished: Self.unfinished(bytes, behind: sound), generation: 9,
        "\(tail.count) bytes")
    }
  }

  @Test func aSaveThatWasAcknowledgedAndIsCutIsCountedAsLost() throws {
    let layout = try makeVault()
    try expectRepair(of: Array(layout.bytes[..<(layout.commits[4].upperBound - 3)]), loses: [5])
  }

  @Test func aWholeCommitThatIsMissingAtTheEndIsNotKnownToBe() throws {
    let layout = try makeVault()
    let cut = Array(layout.bytes[..<layout.commits[4].lowerBound])
    try directory.write(cut, to: Self.name)
    let report = try repair()
    #expect(report.copy == nil && report.generation == 6 && report.soundSaves == 4)
    #expect(try directory.bytes(Self.name) == cut)
    #expect(throws: TokenVaultError.rolledBack(path: path, generation: 6, highest: 7)) {
      try Vault(directory.configuration())
    }
  }
}
