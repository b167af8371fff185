import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// What other stores may do at the moment of a flush, and what is left where it fails.
@Suite struct FailedFlushTests {
  private static let old = ["a", "b", "c", "d"]
  private static let new = old + ["new"]

  /// What fails besides the flush, if that fails.
  enum Rewrite: CaseIterable, Sendable {
    /// Nothing: the file is written anew.
    case succeeds
    /// The new file's own flush.
    case isNotFlushed
    /// Every call from the flush on.
    case fails

    /// Whether a call fails that comes behind the flush.
    func refuses(_ call: String) -> Bool {
      switch self {
      case .succeeds: false
      case .isNotFlushed: call == "fsync"
      case .fails: true
      }
    }
  }

  /// Saves by a store whose first flush does this before, and fails where that gives an error, as the rewrite does
  /// then; what the save throws.
  private func failure(
    _ directory: TemporaryDirectory, _ rewrite: Rewrite = .succeeds,
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
  private func expect(_ error: TokenVaultError?, _ rewrite: Rewrite) {
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

  @Test func whereTheFlushFailsTheFileIsWrittenAnewAndTheSaveSucceeds() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let (inode, previous) = (try directory.inode(), try directory.bytes("tokens.vault.previous"))
    let disk = CuttingDisk { $0 == "fdatasync" ? EIO : nil }
    var configuration = directory.configuration()
    configuration.disk = disk
    let vault = try Vault(configuration)
    try vault.save(smallToken("new"))
    let behind = try #require(disk.calls.lastIndex(of: "fdatasync"))
    let steps = disk.calls[behind...].filter {
      !["fstat", "lstat", "lock"].contains($0) && !CuttingDisk.isOfMemory($0)
    }
    #expect(
      steps.filter { $0 != "write" && $0 != "pwrite" } == [
        "fdatasync", "open creating", "fsync", "rename", "open directory", "fsync",
      ])
    #expect(try directory.inode() != inode && directory.layout().commits.isEmpty)
    #expect(try directory.bytes("tokens.vault.previous") == previous)
    #expect(try directory.users() == Self.new)
    #expect(try vault.allTokens().compactMap(\.userName) == Self.new)
    #expect(try vault.status().generation == 4, "the commit, and the version it is in")
    #expect(try Vault(directory.configuration()).status().generation == 4)
  }

  @Test func whereTheRewriteFailsTooAtAnyCallTheCommitIsThereAllTheSame() throws {
    /// Saves where the flush fails, and the call behind it of this number; all calls from the flush on.
    func save(_ directory: TemporaryDirectory, failing: Int?) throws -> (Vault, [String], Bool) {
      try directory.largeVault()
      let calls = Mutex<[String]>([])
      var configuration = directory.configuration()
      configuration.disk = CuttingDisk { call in
        calls.withLock { calls in
          if calls.isEmpty && call != "fdatasync" { return nil }
          calls.append(call)
          return calls.count == 1 || calls.count - 1 == failing ? EIO : nil
        }
      }
      let vault = try Vault(configuration)
      let isSaved = (try? vault.save(smallToken("new"))) != nil
      return (vault, calls.withLock { $0 }, isSaved)
    }
    let all = try save(try TemporaryDirectory(), failing: nil).1
    for call in 1..<all.count {
      let directory = try TemporaryDirectory()
      let (vault, _, isSaved) = try save(directory, failing: call)
      let place: Comment = "call \(call) behind the flush, \(all[call])"
      if ["open creating", "write", "fsync", "rename"].contains(all[call]) {
        #expect(!isSaved, place)
      }
      #expect(try directory.users() == Self.new, place)
      #expect(try vault.allTokens().compactMap(\.userName) == Self.new, place)
      #expect(try !directory.names.contains("tokens.vault.new"), place)
      try vault.save(smallToken("z"))
      #expect(try directory.users() == Self.new + ["z"], place)
    }
  }

  /// The kernel tells of a failed write-back once: the next flush of the same file succeeds, whatever is on the disk.
  @Test func whereTheRewriteHasFailedTheNextSaveWritesTheFileAnewAndReliesOnNoLaterFlush() throws {
    for next in ["new", "z"] {
      let directory = try TemporaryDirectory()
      try directory.largeVault()
      let isFailing = Mutex(true)
      let disk = CuttingDisk { call in
        ["fdatasync", "fsync"].contains(call) && isFailing.withLock { $0 } ? EIO : nil
      }
      var configuration = directory.configuration()
      configuration.disk = disk
      let vault = try Vault(configuration)
      #expect(throws: TokenVaultError.self) { try vault.save(smallToken("new")) }
      isFailing.withLock { $0 = false }
      let count = disk.calls.count
      try vault.save(smallToken(next))
      #expect(disk.calls[count...].contains("rename"), "saved \(next)")
    }
  }

  @Test(arguments: Rewrite.allCases)
  func anAcknowledgedSaveOfAnotherStoreIsNotLostWhereTheFlushFails(_ rewrite: Rewrite) throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let error = try failure(directory, rewrite) {
      try Vault(directory.configuration()).save(smallToken("other"))
      return EIO
    }
    expect(error, rewrite)
    #expect(try directory.users() == Self.new + ["other"])
  }

  @Test(arguments: Rewrite.allCases)
  func anotherStoreThatReplacesTheVaultKeepsWhatIsFlushedInVain(_ rewrite: Rewrite) throws {
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
  @Test(arguments: Rewrite.allCases)
  func aSaveThatAnotherStoreHasMadeAlreadyIsNotLostWhereItsFlushFails(_ rewrite: Rewrite) throws {
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

  @Test(arguments: [Rewrite.succeeds, .isNotFlushed])
  func threadsThatShareAFlushThatFailsAllHearOfIt(_ rewrite: Rewrite) async throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    var configuration = directory.configuration()
    configuration.disk = CuttingDisk { $0 == "fdatasync" || rewrite.refuses($0) ? EIO : nil }
    let vault = try Vault(configuration)
    @Sendable func isSaved(_ user: String) -> Bool { (try? vault.save(smallToken(user))) != nil }
    let users = (1...16).map { "thread \($0)" }
    let saved = await withTaskGroup(of: Bool.self) { group in
      for user in users { group.addTask { isSaved(user) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(saved.allSatisfy { $0 == (rewrite == .succeeds) })
    let left = try directory.users()
    #expect(left.starts(with: Self.old) && Set(left).count == left.count)
    if rewrite == .succeeds { #expect(Set(left) == Set(Self.old + users)) }
    #expect(try vault.read { $0.table.tokens.compactMap(\.userName) } == left)
  }

  /// No power has failed, and nobody has put an older vault in its place.
  @Test(arguments: Rewrite.allCases)
  func whoHasReadACommitWhoseFlushFailsDoesNotFindTheVaultRolledBack(_ rewrite: Rewrite) throws {
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
  @Test(arguments: Rewrite.allCases)
  func whereNothingIsRememberedAnOpenReaderGoesOnTooWhenAFlushHasFailed(
    _ rewrite: Rewrite
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
