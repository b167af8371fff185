import Foundation
import Testing

@testable import TokenVault

extension RepairTests {
  @Test func damageInTheHeaderOrTheSnapshotIsAnErrorAndChangesNothing() throws {
    let layout = try makeVault()
    let names = try directory.names
    let places = [
      0, 20, layout.headerEnd - 2, layout.headerEnd, layout.headerEnd + 7, layout.headerEnd + 10,
      layout.headerEnd + 40, layout.snapshotEnd / 2, layout.snapshotEnd - 1,
    ]
    let cuts = [1, layout.headerEnd, layout.snapshotEnd - 1]
    for bytes in places.map({ Self.changing(layout.bytes, at: $0) })
      + cuts.map({ Array(layout.bytes[..<$0]) })
    {
      try directory.write(bytes, to: Self.name)
      #expect {
        try repair()
      } throws: {
        guard case .damaged(path, _) = $0 as? TokenVaultError else { return false }
        return true
      }
      #expect(try directory.bytes(Self.name) == bytes && directory.names == names)
    }
  }

  @Test func whoHasNoKeyRepairsNothing() throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: layout.bytes.count - 1)
    try directory.write(bytes, to: Self.name)
    try directory.write([UInt8](repeating: 1, count: 32), to: "tokens.vault.key")
    #expect {
      try repair()
    } throws: {
      guard case .keyUnavailable = $0 as? TokenVaultError else { return false }
      return true
    }
    #expect(try directory.bytes(Self.name) == bytes)
  }

  @Test func aVaultThatIsMissingIsNotRepaired() throws {
    #expect(throws: TokenVaultError.noVault(path: path, previous: nil)) { try repair() }
  }

  /// The calls of a repair of what this gives, which is in place before each.
  private func calls(_ bytes: [UInt8]) throws -> [String] {
    try reset(bytes)
    let disk = CuttingDisk()
    var configuration = directory.configuration()
    configuration.disk = disk
    try Vault.repair(configuration)
    return disk.calls
  }

  private func reset(_ bytes: [UInt8]) throws {
    for name in try directory.names where name != "tokens.vault.key" {
      try FileManager.default.removeItem(atPath: directory.file(name))
    }
    try directory.forgetGenerations()
    try directory.write(bytes, to: Self.name)
  }

  @Test func aFullDiskOrAKillAtAnyCallLeavesTheFileAsItWasOrRepaired() throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: layout.commits[1].upperBound - 1)
    let calls = try calls(bytes)
    let rename = try #require(calls.firstIndex(of: "rename"))
    for call in calls.indices {
      for cut in [CuttingDisk.Cut.fail(errno: ENOSPC), .kill] {
        try reset(bytes)
        var configuration = directory.configuration()
        configuration.disk = CuttingDisk(cutAt: call + 1, cut)
        let report = try? Vault.repair(configuration)
        let place: Comment = "\(cut) at call \(call + 1), \(calls[call])"
        let isRenamed = call > rename
        #expect((try directory.bytes(Self.name) == bytes) == (report == nil && !isRenamed), place)
        if report != nil { #expect(report?.lostSaves == 1, place) }
        if isRenamed { #expect(try contents() == Self.contents(without: [2]), place) }
        // Whoever tries again comes to the same, and finds the way free.
        #expect(try repair().tokens == 5, place)
        #expect(try contents() == Self.contents(without: [2]), place)
        #expect(try directory.bytes("tokens.vault.damaged") == bytes, place)
        #expect(try !directory.names.contains("tokens.vault.new"), place)
      }
    }
  }

  @Test func theCopyOfARepairBeforeIsReplacedAndAPreviousSnapshotStays() throws {
    let layout = try makeVault()
    let previous = try directory.bytes("tokens.vault.previous")
    try directory.write([1, 2, 3], to: "tokens.vault.damaged")
    try expectRepair(
      of: Self.changing(layout.bytes, at: layout.commits[2].upperBound - 1), loses: [3])
    #expect(try directory.bytes("tokens.vault.previous") == previous)
    try Vault(directory.configuration()).deleteToken(id: "1")
    #expect(try !directory.names.contains("tokens.vault.damaged"), "what is deleted is gone")
  }
}
