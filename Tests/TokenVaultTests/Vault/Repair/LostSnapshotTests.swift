import Foundation
import Testing

@testable import TokenVault

/// Repairs of vaults of whose snapshot nothing opens, with commits behind it.
@Suite struct LostSnapshotTests {
  private let directory: TemporaryDirectory
  private static let name = "tokens.vault"

  init() throws { directory = try TemporaryDirectory() }

  /// A vault with six commits, each of which saves one user, `u1` to `u6`.
  private func makeVault(_ format: RecordFormat, commits: Int = 6) throws -> FileLayout {
    let vault = try directory.largeVault(format: format)
    for number in 1...commits { try vault.save(smallToken("u\(number)")) }
    return try directory.layout()
  }

  /// What is damaged beside the salt, and the commits that are lost with it.
  struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var lost: Set<Int> = [1]
    let change: @Sendable (FileLayout, inout [UInt8]) -> Void
  }

  private static func flip(_ places: Int..., in bytes: inout [UInt8]) {
    for place in places { bytes[place] ^= 0x40 }
  }

  private static func commit(
    _ number: Int, _ offset: Int, _ name: String, loses lost: Set<Int>
  ) -> Damage {
    Damage(testDescription: name, lost: lost) { layout, bytes in
      flip(layout.commits[number - 1].lowerBound + offset, in: &bytes)
    }
  }

  static let damages = [
    Damage(testDescription: "nothing else") { _, _ in },
    Damage(testDescription: "the length") { layout, bytes in
      flip(layout.headerEnd + 5, layout.headerEnd + 6, in: &bytes)
    },
    Damage(testDescription: "the commitment") { layout, bytes in
      flip(layout.snapshotStart + 24, in: &bytes)
    },
    commit(1, 3, "the frame of the first commit", loses: [1]),
    commit(1, 40, "the salt of the first commit", loses: [1, 2]),
    commit(3, 90, "the records of a commit", loses: [1, 3]),
    commit(3, 60, "the commitment of a commit", loses: [1, 3]),
    commit(3, 20, "the frame of a commit", loses: [1, 3]),
    commit(3, 40, "the salt of a commit", loses: [1, 3, 4]),
    commit(5, 7, "the frame of the last commit but one", loses: [1, 5]),
    commit(6, 90, "the last commit", loses: [1, 6]),
  ]

  /// A policy to go on with: the limits stand in the snapshot.
  private func repair() throws -> RepairReport {
    try Vault.repair(directory.configuration(), policy: RetentionPolicy())
  }

  private func users(without lost: Set<Int>) -> [String] {
    (1...6).filter { !lost.contains($0) }.map { "u\($0)" }
  }

  @Test(arguments: RecordFormat.allCases, damages)
  func aSaltThatIsLostCostsTheFirstCommitAndNoLaterOne(
    _ format: RecordFormat, _ damage: Damage
  ) throws {
    let layout = try makeVault(format)
    var bytes = layout.bytes
    Self.flip(layout.snapshotStart, layout.headerEnd + 20, in: &bytes)
    damage.change(layout, &bytes)
    try directory.write(bytes, to: Self.name)
    let report = try repair()
    #expect(try directory.users() == users(without: damage.lost))
    #expect(report.soundSaves == 6 - damage.lost.count && report.tokensFromSnapshot == 0)
    #expect(report.lostSaves == damage.lost.count && report.generation == 9)
    #expect(report.isSnapshotDamaged && report.areLimitsLost && report.unfinishedBytes == 0)
    #expect(report.lostChunks == report.snapshotChunks)
    let copy = try #require(report.copy)
    #expect(try directory.bytes(URL(filePath: copy).lastPathComponent) == bytes)
    #expect(try repair().copy == nil)
  }

  @Test(arguments: RecordFormat.allCases)
  func aCutLastCommitIsToldFromDamageWithoutTheSaltToo(_ format: RecordFormat) throws {
    let layout = try makeVault(format)
    for kept in [10, 31, 90, layout.commits[5].count - 1] {
      var bytes = Array(layout.bytes[..<(layout.commits[5].lowerBound + kept)])
      Self.flip(layout.snapshotStart, layout.headerEnd + 20, in: &bytes)
      try directory.forgetGenerations()
      try directory.write(bytes, to: Self.name)
      let report = try repair()
      #expect(try directory.users() == users(without: [1, 6]), "\(kept) bytes")
      #expect(report.unfinishedBytes == kept && report.soundSaves == 4 && report.lostSaves == 1)
    }
  }

  @Test(arguments: RecordFormat.allCases)
  func whereNoChunkOpensAndTheSaltIsSoundNoCommitIsLost(_ format: RecordFormat) throws {
    let layout = try makeVault(format)
    let chunks = (layout.snapshotSize - 56) / SnapshotText.sealedChunk + 1
    var bytes = SnapshotText.damaging(Set(0..<chunks), layout)
    for hasCommitment in [true, false] {
      if !hasCommitment { Self.flip(layout.snapshotStart + 30, in: &bytes) }
      try directory.forgetGenerations()
      try directory.write(bytes, to: Self.name)
      let report = try repair()
      #expect(try directory.users() == users(without: []))
      #expect(report.soundSaves == 6 && report.lostSaves == 0 && report.lostChunks == chunks)
    }
  }

  @Test func aSaltThatIsLostBeforeTheOnlyCommitIsAnErrorAndNothingIsChanged() throws {
    let layout = try makeVault(.json, commits: 1)
    var bytes = layout.bytes
    Self.flip(layout.snapshotStart, layout.headerEnd + 20, in: &bytes)
    try directory.write(bytes, to: Self.name)
    #expect {
      try repair()
    } throws: {
      guard case .irreparable = $0 as? TokenVaultError else { return false }
      return true
    }
    #expect(try directory.bytes(Self.name) == bytes)
  }

  /// A commit counts only if a holder of the data key has sealed it.
  @Test func whatHasOnlyTheShapeOfCommitsIsNotTakenForThem() throws {
    let layout = try makeVault(.json)
    var bytes = layout.bytes
    Self.flip(layout.snapshotStart, layout.headerEnd + 20, in: &bytes)
    // Each frame is right but for its tag, so that no commitment holds.
    for commit in layout.commits { Self.flip(commit.lowerBound + 31, in: &bytes) }
    try directory.write(bytes, to: Self.name)
    #expect(throws: TokenVaultError.self) { try repair() }
    #expect(try directory.bytes(Self.name) == bytes)
  }
}
