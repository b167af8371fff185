import Testing

@testable import TokenVault

// Power cuts at every call of a repair.
extension RepairTests {
  @Test func aPowerCutAtAnyCallLeavesTheFileAsItWasOrRepairedAndTheDamagedOneAside() throws {
    let layout = try makeVault()
    let bytes = Self.changing(layout.bytes, at: layout.commits[1].upperBound - 1)
    try directory.write(bytes, to: Self.name)
    let sweep = try PowerCutSweep(directory)
    try Vault.repair(sweep.configuration)
    sweep.disk.promise("repaired")
    for left in sweep.cuts() {
      left.afterRestoring {
        if left.promised.isEmpty, try directory.bytes(Self.name) == bytes { _ = try repair() }
        #expect(try contents() == Self.contents(without: [2]), left.place)
        #expect(try directory.bytes("tokens.vault.damaged") == bytes, left.place)
      }
    }
  }
}
