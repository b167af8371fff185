import Foundation
import Testing

@testable import TokenVault

/// Repairs of vaults whose snapshot has lost its salt, which stands in the head of the log, too, or all its chunks.
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
    var lost: Set<Int> = []
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
    commit(1, 50, "the nonce of the first commit", loses: [1]),
    commit(3, 90, "the records of a commit", loses: [3]),
    commit(3, 30, "the tag in a commit", loses: [3]),
    commit(5, 7, "the frame of the last commit but one", loses: [5]),
    commit(6, 90, "the last commit", loses: [6]),
  ]

  /// A policy to go on with: the limits stand in the snapshot.
  private func repair() throws -> RepairReport {
    try Vault.repair(directory.configuration(), policy: RetentionPolicy())
  }

  private func users(without lost: Set<Int>) -> [String] {
    ["a", "b", "c", "d"] + (1...6).filter { !lost.contains($0) }.map { "u\($0)" }
  }

  @Test(arguments: RecordFormat.allCases, damages)
  func aSaltThatIsLostCostsNothing(
    _ format: RecordFormat, _ damage: Damage
  ) throws {
    let layout = try makeVault(format)
    var bytes = layout.bytes
    Self.flip(layout.snapshotStart, layout.headerEnd + 20, in: &bytes)
    damage.change(layout, &bytes)
    try directory.write(bytes, to: Self.name)
    let report = try repair()
    #expect(try directory.users() == users(without: damage.lost))
    #expect(report.soundSaves == 6 - damage.lost.count && report.tokensFromSnapshot == 4)
    #expect(report.lostSaves == damage.lost.count && report.lostChunks == 0)
    #expect(report.isSnapshotDamaged && !report.areLimitsLost && report.unfinishedBytes == 0)
    let copy = try #require(report.copy)
    #expect(try directory.bytes(URL(filePath: copy).lastPathComponent) == bytes)
    #expect(try repair().copy == nil)
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
      #expect(try directory.users() == (1...6).map { "u\($0)" })
      #expect(report.soundSaves == 6 && report.lostSaves == 0 && report.lostChunks == chunks)
    }
  }

  @Test func whereSaltAndHeadAreLostThatIsAnErrorAndNothingIsChanged() throws {
    let layout = try makeVault(.json)
    var bytes = layout.bytes
    let head = Int(layout.area.start)
    Self.flip(layout.snapshotStart, layout.snapshotStart + 12, head + 16, in: &bytes)
    for damagesMagic in [false, true] {
      if damagesMagic { Self.flip(head, in: &bytes) }
      try directory.write(bytes, to: Self.name)
      #expect {
        try repair()
      } throws: {
        guard case .irreparable = $0 as? TokenVaultError else { return false }
        return true
      }
      #expect(try directory.bytes(Self.name) == bytes)
    }
  }
}
