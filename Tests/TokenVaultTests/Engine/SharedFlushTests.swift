import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// What other stores may do at the moment of a flush, and what is left where it fails.
@Suite struct SharedFlushTests {
  private static let old = ["a", "b", "c", "d"]
  private static let new = old + ["new"]

  /// Saves by a store whose first flush does this before, and fails where that gives an error, as the rewrite does
  /// then; what the save throws.
  private func failure(
    _ directory: TemporaryDirectory, _ rewrite: RewriteFault = .succeeds,
    whenFlushed: @escaping @Sendable () throws -> Int32?
  ) throws -> TokenVaultError? {
    let isFlushed = Mutex(false)
    let hasFailed = Mutex(false)
    let new = try smallToken("new")
    var configuration = directory.configuration()
    configuration.disk = CuttingDisk { call in
      if hasFailed.withLock({ $0 }) { return rewrite.refuses(call) ? EIO : nil }
      guard call == "fdatasync", !isFlushed.withLock({ $0 }) else { return nil }
      isFlushed.withLock { $0 = true }
      do {
        let errno = try whenFlushed()
        hasFailed.withLock { $0 = errno != nil }
        return errno
      } catch {
        Issue.record("\(error)")
        return nil
      }
    }
    let vault = try Vault(configuration)
    defer { #expect(isFlushed.withLock { $0 }) }
    do throws(TokenVaultError) {
      try vault.save(new)
      return nil
    } catch {
      return error
    }
  }

  /// Whether what a save threw is what it must: nothing where the rewrite has made up for the flush.
  private func expect(_ error: TokenVaultError?, _ rewrite: RewriteFault) {
    if rewrite == .succeeds {
      #expect(error == nil)
    } else if case .system("fdatasync", _, EIO, _)? = error {
    } else {
      Issue.record("\(error as Any), and not the flush")
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

  @Test(arguments: RewriteFault.allCases)
  func anAcknowledgedSaveOfAnotherStoreIsNotLostWhereTheFlushFails(_ rewrite: RewriteFault) throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory, rewrite) {
      try Vault(directory.configuration()).save(smallToken("other"))
      return EIO
    }
    expect(error, rewrite)
    #expect(try directory.users() == Self.new + ["other"])
  }

  @Test(arguments: RewriteFault.allCases)
  func anotherStoreThatReplacesTheVaultKeepsWhatIsFlushedInVain(_ rewrite: RewriteFault) throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory, rewrite) {
      try Vault(directory.configuration()).compact()
      return EIO
    }
    expect(error, rewrite)
    #expect(try directory.users() == Self.new)
  }

  /// A save that changes nothing writes nothing; what it has found must be as durable as what it would have written.
  @Test(arguments: RewriteFault.allCases)
  func aSaveThatAnotherStoreHasMadeAlreadyIsNotLostWhereItsFlushFails(_ rewrite: RewriteFault)
    throws
  {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let calls = Mutex<[String]>([])
    let error = try failure(directory, rewrite) {
      let disk = CuttingDisk()
      var other = directory.configuration()
      other.disk = disk
      let outcome = try Vault(other).save(smallToken("new"))
      #expect(outcome.change == .unchanged)
      calls.withLock { $0 = disk.calls }
      return EIO
    }
    expect(error, rewrite)
    #expect(calls.withLock { $0.contains("fdatasync") && !$0.contains("write") })
    #expect(try directory.users() == Self.new)
  }

  /// No power has failed, and nobody has put an older vault in its place.
  @Test(arguments: RewriteFault.allCases)
  func whoHasReadACommitWhoseFlushFailsDoesNotFindTheVaultRolledBack(_ rewrite: RewriteFault) throws
  {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let open = try Vault(directory.configuration())
    let error = try failure(directory, rewrite) {
      let counts = try [open, Vault(directory.configuration())].map { try $0.allTokens().count }
      #expect(counts == [5, 5])
      return EIO
    }
    expect(error, rewrite)
    #expect(try directory.users() == Self.new)
    #expect(try open.allTokens().compactMap(\.userName) == Self.new)
    #expect(try open.save(smallToken("z")).token.id == "6")
    #expect(try directory.users() == Self.new + ["z"])
  }

  /// The memory beside the key may be gone, or not be ours to write.
  @Test(arguments: RewriteFault.allCases)
  func whereNothingIsRememberedAnOpenReaderGoesOnTooWhenAFlushHasFailed(
    _ rewrite: RewriteFault
  ) throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let open = try Vault(directory.configuration())
    let error = try failure(directory, rewrite) {
      let count = try open.allTokens().count
      #expect(count == 5)
      try directory.forgetGenerations()
      return EIO
    }
    expect(error, rewrite)
    #expect(try open.allTokens().compactMap(\.userName) == Self.new)
    #expect(try directory.users() == Self.new)
  }
}
