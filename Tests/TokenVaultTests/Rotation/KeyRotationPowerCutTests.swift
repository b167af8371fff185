import Testing

@testable import TokenVault

/// Power cuts at every call of a rotation.
@Suite struct KeyRotationPowerCutTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func expectVault(_ left: PowerCutSweep.Left, _ way: RotationWay) {
    left.afterRestoring {
      let opened = openings(way).compactMap { try? Vault($0) }
      let vault = try #require(opened.last, left.place)
      #expect(try vault.allTokens().count == 3, left.place)
      try vault.save(smallToken("d"))
      var again = RotationOptions()
      again.keepsKey = way == .keepKey
      try vault.rotate(again)
      #expect(try vault.allTokens().count == 4, left.place)
    }
  }

  @Test(arguments: zip(RotationWay.allCases + [.inPlace], [false, false, false, true]))
  func aPowerCutAtAnyCallLeavesAVaultThatOpensAndARotationThatCanBeDone(
    _ way: RotationWay, isLogged: Bool
  ) throws {
    if isLogged { try makeLoggedVault() } else { try makeVault() }
    let sweep = try PowerCutSweep(directory)
    try Vault.rotate(sweep.configuration, rotation(way))
    for left in sweep.cuts() { expectVault(left, way) }
  }

  /// Whoever opens the vault brings the rotation to its end.
  @Test(arguments: RotationWay.allCases)
  func aPowerCutAfterAKilledRotationWasBroughtToItsEndLeavesAVaultThatOpens(_ way: RotationWay)
    throws
  {
    try makeVault()
    let before = try files()
    for call in (1...(try calls(way)).count).sampled(each: 3) {
      try restore(before)
      let sweep = try PowerCutSweep(directory)
      _ = try? Vault.rotate(sweep.configuration(killedAt: call), rotation(way))
      for var opening in openings(way) {
        opening.disk = sweep.disk
        _ = try? Vault(opening)
      }
      for left in sweep.cutsAtTheEnd() { expectVault(left, way) }
    }
  }
}
