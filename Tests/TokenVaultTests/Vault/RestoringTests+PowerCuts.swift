import Foundation
import Testing

@testable import TokenVault

// Power cuts at every call of a restore.
extension RestoringTests {
  @Test func aPowerCutAtAnyCallLeavesTheVaultThatWasThereOrTheOneThatWasBroughtBack() throws {
    try makeVault(["a", "b"])
    let sweep = try PowerCutSweep(directory)
    try Vault.restore(sweep.configuration)
    sweep.disk.promise("restored")
    for left in sweep.cuts() {
      left.afterRestoring {
        let users = try users()
        #expect(users == ["a"] || left.promised.isEmpty && users == ["a", "b"], left.place)
      }
    }
  }

  @Test func aPowerCutAtAnyCallLeavesNoVaultOrTheOneThatWasBroughtBackFromASnapshot() throws {
    try makeVault(["a", "b"])
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    let sweep = try PowerCutSweep(directory)
    try Vault.restore(sweep.configuration)
    sweep.disk.promise("restored")
    for left in sweep.cuts() {
      left.afterRestoring {
        if left.promised.isEmpty, try !directory.names.contains("tokens.vault") {
          try Vault.restore(configuration)
        }
        #expect(try users() == ["a"], left.place)
      }
    }
  }

  /// A damaged vault may be the only place of much that is sound: it is not gone before it is there as a copy.
  @Test func aPowerCutAtAnyCallLeavesTheDamagedVaultInItsPlaceOrAside() throws {
    try makeVault(["a", "b"])
    var damaged = try directory.bytes("tokens.vault")
    damaged[damaged.count - 3] ^= 1
    try directory.write(damaged, to: "tokens.vault")
    let sweep = try PowerCutSweep(directory)
    try Vault.restore(sweep.configuration)
    sweep.disk.promise("restored")
    for left in sweep.cuts() {
      left.afterRestoring {
        if left.promised.isEmpty, try directory.bytes("tokens.vault") == damaged { return }
        #expect(try users() == ["a"], left.place)
        #expect(try directory.bytes("tokens.vault.damaged") == damaged, left.place)
      }
    }
  }
}
