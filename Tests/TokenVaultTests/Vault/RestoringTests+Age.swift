import Foundation
import Testing

@testable import TokenVault

/// How old a copy is, and what goes back to it.
extension RestoringTests {
  private var vaultPath: String { directory.file("tokens.vault") }
  private var copyPath: String { directory.file("tokens.vault.previous") }

  private func save(_ users: String...) throws {
    for user in users { try Vault(configuration).save(smallToken(user)) }
  }

  private func expectOlder(
    behind generations: UInt64?, tokens: Int?, isRepairable: Bool = false, from path: String? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try? directory.bytes("tokens.vault")
    #expect(sourceLocation: location) {
      try Vault.restore(configuration, from: path)
    } throws: {
      guard
        case .olderCopy(path ?? copyPath, vaultPath, .some, _, generations, tokens, isRepairable) =
          $0 as? TokenVaultError
      else { return false }
      return true
    }
    #expect((try? directory.bytes("tokens.vault")) == before, sourceLocation: location)
  }

  @Test func theReportTellsHowOldTheCopyIsBeforeAnythingIsDone() throws {
    try Vault.create(configuration).save(smallToken("a"))
    try save("b")
    let before = try directory.bytes("tokens.vault")
    let modified = try #require(
      try FileManager.default.attributesOfItem(atPath: copyPath)[.modificationDate] as? Date)
    var announced: RestoreReport?
    let report = try Vault.restore(configuration) { plan in
      announced = plan
      #expect((try? directory.bytes("tokens.vault")) == before)
    }
    #expect(report.behindGenerations == 1 && report.behindTokens == 1)
    let madeAt = try #require(report.madeAt).millisecondsSince1970
    #expect(abs(Double(madeAt) - modified.timeIntervalSince1970 * 1000) < 2)
    #expect(announced?.age == report.age && announced?.tokens == 1)
  }

  @Test func aLargeVaultWhoseSavesAreBehindTheSnapshotDoesNotGoBackOverThemUnasked() throws {
    try directory.largeVault()
    try save("u1", "u2")
    try expectOlder(behind: 3, tokens: 6)
    var accepting = configuration
    accepting.acceptsRollback = true
    let report = try Vault.restore(accepting)
    #expect(report.behindGenerations == 3 && report.behindTokens == 6 && report.tokens == 0)
  }

  @Test func aMissingVaultIsAsNewAsWhatIsRememberedOfIt() throws {
    try directory.largeVault()
    try save("u1", "u2")
    try FileManager.default.removeItem(atPath: vaultPath)
    try expectOlder(behind: 3, tokens: nil)
    // Without a remembered generation, the age is not known.
    try directory.forgetGenerations()
    let report = try Vault.restore(configuration)
    #expect(report.behindGenerations == nil && report.behindTokens == nil)
  }

  @Test func aCopyThatLacksWhatARepairSavesIsRefused() throws {
    try directory.largeVault()
    var bytes = try directory.bytes("tokens.vault")
    bytes[try directory.layout().snapshotEnd - 5] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    // One generation, but of four records a damaged chunk costs one.
    try expectOlder(behind: 1, tokens: 3, isRepairable: true)
    // A copy that has all that can be saved is as good.
    try Vault.repair(configuration)
    try directory.write(try directory.bytes("tokens.vault"), to: "copy")
    var damaged = try directory.bytes("tokens.vault")
    damaged[try directory.layout().snapshotEnd - 5] ^= 1
    try directory.write(damaged, to: "tokens.vault")
    let report = try Vault.restore(configuration, from: directory.file("copy"))
    #expect(report.behindTokens == 0 && report.behindGenerations == 0 && report.tokens == 3)
    #expect(report.replaced == vaultPath + ".damaged.2")
    #expect(try directory.bytes("tokens.vault.damaged") == bytes, "the first is still there")
  }

  @Test func aDamagedCopyIsNoDamageOfTheVaultAndItsErrorSaysSo() throws {
    try Vault.create(configuration).save(smallToken("a"))
    try save("b")
    var bytes = try directory.bytes("tokens.vault.previous")
    bytes[bytes.count - 1] ^= 1
    try directory.write(bytes, to: "tokens.vault.previous")
    for work in [
      { _ = try Vault.restore(configuration) }, { _ = try Vault(configuration).check() },
    ] {
      #expect {
        try work()
      } throws: {
        guard case .damagedCopy(copyPath, _) = $0 as? TokenVaultError else { return false }
        return ($0 as? TokenVaultError)?.hint == nil
      }
    }
  }

  @Test func aVaultThatIsSavedPartlyKeepsItsOwnKeys() throws {
    let vault = try directory.largeVault()
    try vault.addSlot(named: "web", key: .file(directory.file("web.key")))
    try directory.write(try directory.bytes("tokens.vault"), to: "copy")
    try vault.removeSlot(named: "web")
    var bytes = try directory.bytes("tokens.vault")
    bytes[try directory.layout().snapshotEnd - 5] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    try Vault.restore(configuration, from: directory.file("copy"))
    #expect(try Vault(configuration).slots().map(\.name) == ["default"])
    #expect(try Vault(configuration).allTokens().count == 4)
  }
  @Test func aDamagedVaultWhoseKeyIsLostIsReplacedAsAWhole() throws {
    let vault = try Vault.create(configuration)
    try vault.save(smallToken("a"))
    try directory.write(try directory.bytes("tokens.vault"), to: "copy")
    try directory.write(try directory.bytes("tokens.vault.key"), to: "old.key")
    try vault.rotate()
    let layout = try directory.layout()
    let damaged = RepairTests.changing(layout.bytes, at: layout.headerEnd)
    try directory.write(damaged, to: "tokens.vault")
    try directory.write([UInt8](repeating: 1, count: 32), to: "tokens.vault.key")
    let key = KeySource.file(directory.file("old.key"))
    let report = try Vault.restore(configuration, from: directory.file("copy"), key: key)
    #expect(report.tokens == 1 && report.behindTokens == nil)
    #expect(try directory.bytes("tokens.vault.damaged") == damaged)
    var opened = configuration
    opened.key = key
    #expect(try Vault(opened).allTokens().count == 1)
  }
}
