import Testing

@testable import TokenVault

/// The last entry of a log has no later mark: if it is damaged after it was acknowledged, only this host's memory tells it
/// from a write that was not finished.
@Suite struct DamagedLastEntryTests: CompactionSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Another store saves, and a byte of what it has saved is changed.
  private func saveAndDamage() throws -> [UInt8] {
    try Vault(configuration).save(smallToken("2"))
    let layout = try directory.layout()
    var bytes = layout.bytes
    bytes[try #require(layout.commits.last).lowerBound + 70] ^= 4
    try directory.write(bytes, to: "tokens.vault")
    return bytes
  }

  @Test func aStoreThatWasOpenReplacesNoAcknowledgedSaveThatItCannotRead() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("1"))
    let bytes = try saveAndDamage()
    #expect {
      try vault.save(smallToken("3"))
    } throws: {
      guard case .damagedLogEntry = $0 as? TokenVaultError else { return false }
      return true
    }
    #expect(try directory.bytes("tokens.vault") == bytes)
  }

  @Test func aCompactionLeavesOutNoAcknowledgedSaveThatItCannotRead() throws {
    let vault = try hugeVault()
    try vault.save(smallToken("1"))
    let compaction = try compaction(vault)
    let bytes = try saveAndDamage()
    #expect(throws: TokenVaultError.self) { try compaction.run() }
    #expect(try directory.bytes("tokens.vault") == bytes)
    #expect(try !directory.names.contains("tokens.vault.compact"))
  }

  /// Another store saves twice, and the first `size` bytes of both entries, or of the first, read as zeros again.
  private func saveAndLose(_ size: Int?) throws -> [UInt8] {
    let store = try Vault(configuration)
    for user in ["2", "3"] { try store.save(smallToken(user)) }
    let layout = try directory.layout()
    var bytes = layout.bytes
    let (first, last) = try (
      layout.commits[layout.commits.count - 2], #require(layout.commits.last)
    )
    let lost = first.lowerBound..<(size.map { first.lowerBound + $0 } ?? last.upperBound)
    bytes.replaceSubrange(lost, with: repeatElement(0, count: lost.count))
    try directory.write(bytes, to: "tokens.vault")
    return bytes
  }

  /// Its frame reads as the zeros that were there before, which this store has looked at.
  @Test func aCompactionLeavesOutNoAcknowledgedSaveWhoseFrameIsLost() throws {
    let vault = try hugeVault()
    try Vault(configuration).save(smallToken("1"))
    _ = try vault.allTokens()
    let compaction = try compaction(vault)
    let bytes = try saveAndLose(LogFrame.size)
    #expect(throws: TokenVaultError.self) { try compaction.run() }
    #expect(try directory.bytes("tokens.vault") == bytes)
  }

  /// Also if nothing is left of both, which is a rollback.
  @Test(arguments: [LogFrame.size, nil])
  func aStoreThatWasOpenWritesOverNoAcknowledgedSaveThatIsLost(_ size: Int?) throws {
    let vault = try hugeVault()
    try Vault(configuration).save(smallToken("1"))
    _ = try vault.allTokens()
    let bytes = try saveAndLose(size)
    #expect(throws: TokenVaultError.self) { try vault.save(smallToken("4")) }
    #expect(try directory.bytes("tokens.vault") == bytes)
  }
}
