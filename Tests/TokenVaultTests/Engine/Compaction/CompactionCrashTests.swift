import Foundation
import Testing

@testable import TokenVault

/// What a kill or a power cut at each system call of a compaction beside the writers leaves.
@Suite struct CompactionCrashTests: CompactionSuite {
  let directory: TemporaryDirectory
  private static let new = ["1", "2", "3"]

  init() throws { directory = try TemporaryDirectory() }

  /// Compacts on this disk, while another store saves.
  private func compact(_ disk: any Disk, _ saving: Vault) throws {
    let store = try Vault(directory.configuration(on: disk))
    let compaction = try compaction(store)
    try saving.save(smallToken("3"))
    try compaction.run()
  }

  @Test func aKillOrAnErrorAtAnyCallLosesNothingAndIsInNobodysWay() throws {
    let vault = try hugeVault()
    for user in ["1", "2"] { try vault.save(smallToken(user)) }
    let bytes = try directory.bytes("tokens.vault")
    func restored() throws -> Vault {
      try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
      try directory.write(bytes, to: "tokens.vault")
      try directory.forgetGenerations()
      return try Vault(configuration)
    }
    let whole = CuttingDisk()
    try compact(whole, restored())
    let first = try #require(whole.calls.lastIndex(of: "open creating"))
    for call in first..<whole.calls.count {
      for cut in isFullTest ? [CuttingDisk.Cut.fail(errno: ENOSPC), .kill] : [.kill] {
        let place: Comment = "\(cut) at call \(call + 1), \(whole.calls[call])"
        let saving = try restored()
        try? compact(CuttingDisk(cutAt: call + 1, cut), saving)
        #expect(try newUsers() == Self.new, place)
        try saving.save(smallToken("4"))
        try compaction(saving).run()
        #expect(try newUsers() == Self.new + ["4"], place)
        #expect(try !directory.names.contains("tokens.vault.compact"), place)
      }
    }
  }

  @Test func aPowerCutAtAnyCallLosesNoAcknowledgedSave() throws {
    let vault = try hugeVault()
    for user in ["1", "2"] { try vault.save(smallToken(user)) }
    let sweep = try PowerCutSweep(directory)
    let saving = try Vault(sweep.configuration)
    let compaction = try compaction(saving)
    try saving.save(smallToken("3"))
    sweep.disk.promise("3")
    try compaction.run()
    try saving.save(smallToken("4"))
    sweep.disk.promise("4")
    for left in sweep.cuts() {
      left.afterRestoring {
        let new = try newUsers()
        #expect(["1", "2", "3", "4"].starts(with: new), left.place)
        #expect(new.starts(with: ["1", "2"] + left.promised), left.place)
        try Vault(configuration).save(smallToken("5"))
        #expect(try newUsers() == new + ["5"], left.place)
      }
    }
  }
}
