import Foundation
import Testing

@testable import TokenVault

extension RepairTests {
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
    let configuration = directory.configuration(on: disk)
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
        let configuration = directory.configuration(on: CuttingDisk(cutAt: call + 1, cut))
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

  @Test func noRepairTakesWhatAnotherHasSetAsideAndAPreviousSnapshotStays() throws {
    let layout = try makeVault()
    let previous = try directory.bytes("tokens.vault.previous")
    try directory.write([1, 2, 3], to: "tokens.vault.damaged")
    let bytes = Self.changing(layout.bytes, at: layout.commits[2].upperBound - 1)
    try directory.write(bytes, to: Self.name)
    #expect(try repair().copy == path + ".damaged.2")
    #expect(try contents() == Self.contents(without: [3]))
    #expect(try directory.bytes("tokens.vault.damaged") == [1, 2, 3])
    #expect(try directory.bytes("tokens.vault.damaged.2") == bytes)
    #expect(try directory.bytes("tokens.vault.previous") == previous)
  }

  @Test func whereNineAreSetAsideAnotherIsRefused() throws {
    let layout = try makeVault()
    let names = [".damaged"] + (2...9).map { ".damaged.\($0)" }
    for name in names { try directory.write([1], to: Self.name + name) }
    let bytes = Self.changing(layout.bytes, at: layout.bytes.count - 1)
    try directory.write(bytes, to: Self.name)
    #expect(throws: TokenVaultError.alreadyExists(path: path + ".damaged.9")) { try repair() }
    #expect(try directory.bytes(Self.name) == bytes)
    #expect(try !directory.names.contains("tokens.vault.new"))
  }
}
