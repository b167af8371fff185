import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// What a kill or an error at each system call of an appended save leaves.
@Suite struct AppendCrashTests {
  private static let errors: [Int32] = [ENOSPC, EIO, EDQUOT]
  private static let old = ["a", "b", "c", "d"]
  private static let new = old + ["new"]

  /// Opens the vault on this disk, and saves a record.
  private func save(_ directory: TemporaryDirectory, _ disk: CuttingDisk) throws -> Vault {
    var configuration = directory.configuration()
    configuration.disk = disk
    let vault = try Vault(configuration)
    try vault.save(smallToken("new"))
    return vault
  }

  /// The numbers of the calls of a save, the opening not counted, nor what remembers its generation.
  private func calls() throws -> (numbers: [Int], names: [String]) {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let disk = CuttingDisk()
    var configuration = directory.configuration()
    configuration.disk = disk
    let vault = try Vault(configuration)
    let before = disk.calls.count
    try vault.save(smallToken("new"))
    let all = disk.calls
    let numbers = all.indices.filter { $0 >= before && all[$0] != "overwrite" }.map { $0 + 1 }
    return (numbers, Array(all[before...]))
  }

  @Test func aSaveIsOneWriteAndOneFlushOfTheData() throws {
    let names = try calls().names
    #expect(
      names.filter { !["fstat", "lstat", "overwrite"].contains($0) } == [
        "open locking", "lock", "open appending", "write", "fdatasync",
      ])
  }

  @Test func aKillAtAnyCallLeavesTheOldOrTheNewVaultAndNothingInTheWay() throws {
    for call in try calls().numbers {
      let directory = try TemporaryDirectory()
      try directory.largeVault()
      let disk = CuttingDisk(cutAt: call)
      // A status that is not needed may fail unnoticed; what is not acknowledged may be there all the same.
      let isSaved = (try? save(directory, disk)) != nil
      let left = try directory.users()
      #expect(left == Self.new || !isSaved && left == Self.old, "killed before call \(call)")
      try Vault(directory.configuration()).save(smallToken("z"))
      #expect(try directory.users() == left + ["z"])
      #expect(try !directory.names.contains("tokens.vault.new"))
      #expect(try Vault(directory.configuration()).check().tokens == left.count + 1)
    }
  }

  @Test func anErrorAtAnyCallLeavesEveryByteAsItWasAndTheStoreGoesOn() throws {
    let (numbers, _) = try calls()
    for call in numbers {
      for errno in Self.errors {
        let directory = try TemporaryDirectory()
        try directory.largeVault()
        let before = try directory.bytes("tokens.vault")
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        var configuration = directory.configuration()
        configuration.disk = disk
        let vault = try Vault(configuration)
        let isSaved = (try? vault.save(smallToken("new"))) != nil
        let place: Comment = "error \(errno) of call \(call), \(disk.calls[call - 1])"
        if !isSaved { #expect(try directory.bytes("tokens.vault") == before, place) }
        let left = isSaved ? Self.new : Self.old
        #expect(try vault.allTokens().compactMap(\.userName) == left, place)
        #expect(try directory.users() == left, place)
        #expect(try vault.save(smallToken("z")).token.id == "\(left.count + 1)", place)
        #expect(try vault.allTokens().compactMap(\.userName) == left + ["z"], place)
        #expect(try directory.users() == left + ["z"], place)
      }
    }
  }

  @Test func whereTheCommitCannotBeCutOffAgainTheStoreGoesOnWithWhatIsThere() throws {
    for failing in ["write", "fdatasync"] {
      let directory = try TemporaryDirectory()
      try directory.largeVault()
      let isFailing = Mutex(true)
      var configuration = directory.configuration()
      configuration.disk = CuttingDisk { call in
        [failing, "ftruncate"].contains(call) && isFailing.withLock { $0 } ? EIO : nil
      }
      let vault = try Vault(configuration)
      #expect(throws: TokenVaultError.self) { try vault.save(smallToken("new")) }
      isFailing.withLock { $0 = false }
      let left = try directory.users()
      #expect(left == (failing == "write" ? Self.old : Self.new))
      #expect(try vault.allTokens().compactMap(\.userName) == left)
      try vault.save(smallToken("z"))
      #expect(try directory.users() == left + ["z"])
    }
  }

  // MARK: Other stores at the moment of the flush

  /// Whether it was there; it is not any more.
  private static func take(_ flag: inout Bool) -> Bool {
    defer { flag = false }
    return flag
  }

  /// Saves by a store whose first flush does this before, and fails where that gives an error; what the save throws.
  private func failure(
    _ directory: TemporaryDirectory, whenFlushed: @escaping @Sendable () throws -> Int32?
  ) throws -> TokenVaultError? {
    let isFirst = Mutex(true)
    let new = try smallToken("new")
    var configuration = directory.configuration()
    configuration.disk = CuttingDisk { call in
      guard call == "fdatasync", isFirst.withLock({ Self.take(&$0) }) else { return nil }
      do { return try whenFlushed() } catch {
        Issue.record("\(error)")
        return nil
      }
    }
    let vault = try Vault(configuration)
    defer { #expect(!isFirst.withLock { $0 }) }
    do throws(TokenVaultError) {
      try vault.save(new)
      return nil
    } catch {
      return error
    }
  }

  @Test func theLockIsLetGoBeforeTheFlush() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory) {
      let file = try directory.configuration().file()
      withExtendedLifetime(try file.lock(timeout: .zero)) {}
      return nil
    }
    #expect(error == nil)
  }

  @Test func anotherStoreCanSaveDuringTheFlush() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory) {
      try Vault(directory.configuration()).save(smallToken("other"))
      return nil
    }
    #expect(error == nil)
    #expect(try directory.users() == Self.new + ["other"])
  }

  @Test func anAcknowledgedSaveOfAnotherStoreIsNotLostWhereTheFlushFails() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory) {
      try Vault(directory.configuration()).save(smallToken("other"))
      return EIO
    }
    #expect(error != nil)
    #expect(try directory.users() == Self.new + ["other"])
  }

  @Test func anotherStoreThatReplacesTheVaultKeepsWhatIsFlushedInVain() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory) {
      try Vault(directory.configuration()).compact()
      return EIO
    }
    #expect(error != nil)
    #expect(try directory.users() == Self.new)
  }

  /// A save that changes nothing writes nothing; what it has found must be as durable as what it would have written.
  @Test func aSaveThatAnotherStoreHasMadeAlreadyIsNotLostWhereItsFlushFails() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let isAcknowledged = Mutex(false)
    _ = try failure(directory) {
      try Vault(directory.configuration()).save(smallToken("new"))
      isAcknowledged.withLock { $0 = true }
      return EIO
    }
    #expect(isAcknowledged.withLock { $0 })
    // Whether the vault passes for rolled back is another matter.
    try directory.forgetGenerations()
    #expect(try directory.users() == Self.new)
  }

  /// No power has failed, and nobody has put an older vault in its place.
  @Test func whoHasReadACommitWhoseFlushFailsDoesNotFindTheVaultRolledBack() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let open = try Vault(directory.configuration())
    let error = try failure(directory) {
      let counts = try [open, Vault(directory.configuration())].map { try $0.allTokens().count }
      #expect(counts == [5, 5])
      return EIO
    }
    #expect(error != nil)
    #expect(throws: Never.self) { try Vault(directory.configuration()).allTokens() }
    #expect(throws: Never.self) { try open.allTokens() }
    #expect(throws: Never.self) { try open.save(smallToken("z")) }
  }

  /// The memory beside the key may be gone, or not be ours to write.
  @Test func whereNothingIsRememberedAnOpenReaderGoesOnTooWhenAFlushHasFailed() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let open = try Vault(directory.configuration())
    let error = try failure(directory) {
      let count = try open.allTokens().count
      #expect(count == 5)
      try directory.forgetGenerations()
      return EIO
    }
    #expect(error != nil)
    #expect(throws: Never.self) { try open.allTokens() }
  }
}
