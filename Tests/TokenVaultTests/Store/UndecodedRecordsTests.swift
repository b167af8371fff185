import Testing

@testable import TokenVault

/// A large vault whose records were not decoded yet.
@Suite struct UndecodedRecordsTests {
  /// Its records are not decoded, as those of every large vault that was just read.
  @Test func usesThatArePendingAreNotForgottenWhereAFewLookUpsDecodeTheRecords() throws {
    let directory = try TemporaryDirectory()
    let clock = SettableClock()
    let vault = try directory.largeVault(directory.configuration(clock))
    clock.advance(seconds: 3601)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    let other = try Vault(directory.configuration(clock))
    try other.save(smallToken("new"))
    try other.compact()
    let inode = try directory.inode()
    for _ in 1...6 { #expect(try vault.lookUp(TokenQuery(id: "3")) != nil) }
    #expect(vault.writeUses())
    #expect(
      try Vault(directory.configuration(clock)).lookUp(TokenQuery(id: "2"))?.history.lastUsedAt
        == clock.now)
    #expect(try directory.inode() == inode, "a use is appended")
  }
}
