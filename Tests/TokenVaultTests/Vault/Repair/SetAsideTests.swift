import Foundation
import Testing

@testable import TokenVault

/// What a repair or a restore has set aside goes away only by `Vault.discardDamaged`.
@Suite struct SetAsideTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private var configuration: VaultConfiguration { directory.configuration() }
  private var path: String { directory.file("tokens.vault") }

  /// A repaired vault with three records; returns the damaged file.
  @discardableResult
  private func makeRepairedVault() throws -> [UInt8] {
    try directory.largeVault()
    var bytes = try directory.bytes("tokens.vault")
    bytes[try directory.layout().snapshotEnd - 5] ^= 1
    try directory.write(bytes, to: "tokens.vault")
    try Vault.repair(configuration)
    return bytes
  }

  @Test func nothingThatRemovesTakesItAwayAndAllOfThatIsRefused() throws {
    let bytes = try makeRepairedVault()
    let vault = try Vault(configuration)
    try vault.addSlot(named: "web", key: .file(directory.file("web.key")))
    var everything = PurgeOptions()
    everything.maxAge = .zero
    let removals: [(String, (Vault) throws -> Void)] = [
      ("delete", { try $0.deleteToken(id: "1") }), ("delete all", { try $0.deleteAllTokens() }),
      ("purge", { try $0.purge(everything) }), ("rotate", { try $0.rotate() }),
      ("remove a slot", { try $0.removeSlot(named: "web") }),
    ]
    let before = try directory.bytes("tokens.vault")
    for (name, remove) in removals {
      #expect(
        throws: TokenVaultError.damagedCopyKept(path: path, copy: path + ".damaged"), "\(name)"
      ) { try remove(vault) }
      #expect(try directory.bytes("tokens.vault") == before, "\(name)")
      #expect(try directory.bytes("tokens.vault.damaged") == bytes, "\(name)")
      #expect(try !directory.names.contains { $0.hasSuffix(".new") || $0.hasSuffix(".staged") })
    }
    // What removes nothing goes on.
    try vault.save(smallToken("new"))
    try vault.compact()
    try vault.convert(to: .csv)
    #expect(try vault.status().damagedCopies == [path + ".damaged"])
    #expect(try vault.check().damagedCopies == [path + ".damaged"])
    #expect(try Vault.discardDamaged(configuration) == [path + ".damaged"])
    #expect(try vault.status().damagedCopies == [])
    for (_, remove) in removals[0...0] + removals[3...] { try remove(vault) }
  }

  @Test func itIsNotDiscardedWhileTheVaultIsNotSound() throws {
    let first = try makeRepairedVault()
    let sound = try directory.bytes("tokens.vault")
    var bytes = sound
    bytes[try FileLayout(sound).snapshotEnd - 5] ^= 1
    for bytes in [bytes, Array(sound.prefix(900)), []] {
      try directory.write(bytes, to: "tokens.vault")
      #expect(throws: TokenVaultError.self) { try Vault.discardDamaged(configuration) }
      #expect(try directory.bytes("tokens.vault.damaged") == first)
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: TokenVaultError.self) { try Vault.discardDamaged(configuration) }
    try directory.write(first, to: "tokens.vault")
    #expect(throws: TokenVaultError.self) { try Vault.discardDamaged(configuration) }
    #expect(try directory.bytes("tokens.vault.damaged") == first)
    try directory.write(sound, to: "tokens.vault")
    #expect(try Vault.discardDamaged(configuration).count == 1)
    #expect(try Vault.discardDamaged(configuration) == [])
  }
}
