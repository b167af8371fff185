import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// After an error, a store that lives on has nothing locked.
@Suite struct LockReleaseTests {
  /// A store that has saved, and so keeps its files open; `isFailing` says which of its calls fails next.
  private func openStore(
    _ directory: TemporaryDirectory, failing call: Box
  ) throws -> (Vault, CuttingDisk) {
    let disk = CuttingDisk { _ in
      let left = call.left.withLock { left in
        left -= 1
        return left
      }
      return left == 0 ? EIO : nil
    }
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    try vault.save(smallToken("kept"))
    return (vault, disk)
  }

  private func sweep(isLarge: Bool, removing isRemoved: Bool) throws {
    for number in 1... {
      let directory = try TemporaryDirectory()
      _ = try isLarge ? directory.largeVault() : Vault.create(directory.configuration())
      let call = Box()
      let (vault, disk) = try openStore(directory, failing: call)
      var configuration = directory.configuration()
      configuration.lockTimeout = .zero
      // This one keeps its lock file, too.
      let other = try Vault(configuration)
      try other.save(smallToken("other"))
      if isRemoved {
        try FileManager.default.removeItem(atPath: directory.file("tokens.vault.lock"))
      }
      let before = disk.calls.count
      call.left.withLock { $0 = number }
      _ = try? vault.save(smallToken("new"))
      let place: Comment = "large \(isLarge), call \(number)"
      #expect(throws: Never.self, place) { try other.save(smallToken("later")) }
      #expect(try directory.users().suffix(1) == ["later"], place)
      if disk.calls.count - before < number { return }
    }
  }

  @Test(arguments: [false, true])
  func anErrorAtAnyCallOfASaveKeepsNoOtherStoreOut(isLarge: Bool) throws {
    try sweep(isLarge: isLarge, removing: false)
  }

  @Test(arguments: [false, true])
  func anErrorKeepsNoOtherStoreOutThatHasALockFileWhichWasRemoved(isLarge: Bool) throws {
    try sweep(isLarge: isLarge, removing: true)
  }

  @Test func aReaderDoesNotWaitForTheDiskOfAWriter() throws {
    let directory = try TemporaryDirectory()
    let writer = try Vault.create(directory.configuration())
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let reader = try Vault(configuration)
    for number in 1...5 {
      try writer.save(smallToken("u\(number)"))
      try directory.forgetGenerations()
      let before = disk.calls.count
      #expect(try reader.findWithoutUse(TokenQuery(userName: "u\(number)")) != nil)
      #expect(Set(disk.calls[before...]).isDisjoint(with: ["fsync", "fdatasync"]))
    }
  }

  @Test func aVaultThatItsOwnerMayNotWriteIsToldWithTheCommandThatMendsIt() throws {
    let directory = try TemporaryDirectory()
    try Vault.create(directory.configuration()).save(smallToken("a"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o400], ofItemAtPath: directory.file("tokens.vault"))
    var configuration = directory.configuration()
    // As for a user that is not root.
    configuration.disk = CuttingDisk { $0 == "open appending" ? EACCES : nil }
    let vault = try Vault(configuration)
    let error = #expect(throws: TokenVaultError.self) { try vault.save(smallToken("b")) }
    #expect(error?.hint == "chmod 600 \(directory.file("tokens.vault").shellQuoted)")
    #expect(try vault.allTokens().count == 1)
  }

  /// A number that a closure can hold.
  private final class Box: Sendable { let left = Mutex(0) }
}
