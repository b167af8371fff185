import Foundation
import Testing

@testable import TokenVault

/// What a replace that was killed has left beside the vault.
@Suite struct PreviousSnapshotTests {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try directory.largeVault()
  }

  private func inode(_ name: String) throws -> UInt64? {
    try LinuxDisk().status(of: directory.file(name))?.inode
  }

  /// Kills a replace between the link of the previous snapshot and the rename.
  private func killAReplace() throws {
    let probe = CuttingDisk()
    let copy = try TemporaryDirectory()
    try copy.largeVault()
    var configuration = copy.configuration(on: probe)
    try Vault(configuration).convert(to: .csv)
    let rename = try #require(probe.calls.firstIndex(of: "rename"))
    configuration = directory.configuration()
    configuration.disk = CuttingDisk(cutAt: rename + 1)
    #expect(throws: TokenVaultError.self) { try Vault(configuration).convert(to: .csv) }
    #expect(try inode("tokens.vault.previous") == inode("tokens.vault"), "both names are one file")
  }

  @Test func thePreviousSnapshotIsNoLongerTheVaultOnceItIsAppendedTo() throws {
    try killAReplace()
    let vault = try Vault(directory.configuration())
    try vault.save(smallToken("new"))
    #expect(try inode("tokens.vault.previous") != inode("tokens.vault"))
    #expect(try directory.layout().commits.count == 1, "it was appended")
    #expect(try directory.users() == ["a", "b", "c", "d", "new"])
  }

  @Test func aStoreThatWasOpenBeforeTheKillAppendsToTheVaultAlone() throws {
    let vault = try Vault(directory.configuration())
    try killAReplace()
    try vault.save(smallToken("new"))
    #expect(try inode("tokens.vault.previous") != inode("tokens.vault"))
    #expect(try directory.layout().commits.count == 1, "it was appended")
  }

  @Test func anotherNameThatAPersonHasGivenTheVaultStays() throws {
    try FileManager.default.linkItem(
      atPath: directory.file("tokens.vault"), toPath: directory.file("backup"))
    try Vault(directory.configuration()).save(smallToken("new"))
    #expect(try inode("backup") == inode("tokens.vault"))
    #expect(try inode("tokens.vault.previous") != nil)
  }
}
