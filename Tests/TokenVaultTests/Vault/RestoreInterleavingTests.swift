import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// A restore of a vault that is missing or cannot be opened, and another process that has one made meanwhile.
@Suite struct RestoreInterleavingTests {
  enum Loss: CaseIterable, Sendable { case missing, unreadable }

  private func lose(_ directory: TemporaryDirectory, _ loss: Loss) throws {
    let vault = try Vault.create(directory.configuration())
    try vault.save(smallToken("a"))
    try FileManager.default.copyItem(
      atPath: directory.file("tokens.vault"), toPath: directory.file("copy"))
    switch loss {
    case .missing: try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    case .unreadable: try directory.write([UInt8](repeating: 0, count: 300), to: "tokens.vault")
    }
  }

  /// Restores the copy and saves, if that can be done at once; whether both were acknowledged.
  private func restoreAndSave(_ directory: TemporaryDirectory) -> Bool {
    try? FileManager.default.removeItem(atPath: directory.file("tokens.vault.lock"))
    var configuration = directory.configuration()
    configuration.lockTimeout = .zero
    configuration.acceptsRollback = true
    _ = try? Vault.restore(configuration, from: directory.file("copy"))
    return (try? Vault(configuration).save(smallToken("acknowledged"))) != nil
  }

  @Test(arguments: Loss.allCases)
  func aRestoreDoesNotTakeThePlaceOfAVaultThatAnotherOneHasBroughtBack(_ loss: Loss) throws {
    var (acknowledged, number) = (0, 0)
    while true {
      number += 1
      let directory = try TemporaryDirectory()
      try lose(directory, loss)
      let (count, isDone) = (Counter(), Counter())
      var configuration = directory.configuration()
      configuration.acceptsRollback = true
      configuration.disk = CuttingDisk { [number] _ in
        guard count.next() == number else { return nil }
        if restoreAndSave(directory) { _ = isDone.next() }
        return nil
      }
      _ = try? Vault.restore(configuration, from: directory.file("copy"))
      let users = try directory.users()
      #expect(users.contains("a"), "call \(number)")
      if isDone.value > 0 {
        acknowledged += 1
        let previous = try? Self.users(directory, "tokens.vault.previous")
        #expect(
          users.contains("acknowledged") || previous?.contains("acknowledged") == true,
          "call \(number), \(loss)")
      }
      if count.value < number { break }
    }
    #expect(acknowledged > 0)
  }

  private static func users(_ directory: TemporaryDirectory, _ name: String) throws -> [String] {
    var configuration = directory.configuration()
    configuration.path = directory.file(name)
    configuration.acceptsRollback = true
    return try Vault(configuration).allTokens().compactMap(\.userName)
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }
}
