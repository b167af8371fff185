import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// What a store does if a flush fails.
@Suite struct FailedFlushTests {
  private static let old = ["a", "b", "c", "d"]
  private static let new = old + ["new"]

  @Test func whereTheFlushFailsTheFileIsWrittenAnewAndTheSaveSucceeds() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let (inode, previous) = (try directory.inode(), try directory.bytes("tokens.vault.previous"))
    let disk = CuttingDisk { $0 == "fdatasync" ? EIO : nil }
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    // A store that has not decoded its records reads them for the rewrite.
    _ = try vault.allTokens()
    try vault.save(smallToken("new"))
    let behind = try #require(disk.calls.lastIndex(of: "fdatasync"))
    let steps = disk.calls[behind...].filter {
      !["fstat", "lstat", "statx", "lock"].contains($0) && !CuttingDisk.isOfMemory($0)
    }
    #expect(
      steps.filter { !["write", "pwrite", "pread"].contains($0) } == [
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
      let configuration = directory.configuration(on: disk)
      let vault = try Vault(configuration)
      #expect(throws: TokenVaultError.self) { try vault.save(smallToken("new")) }
      isFailing.withLock { $0 = false }
      let count = disk.calls.count
      try vault.save(smallToken(next))
      #expect(disk.calls[count...].contains("rename"), "saved \(next)")
    }
  }

  @Test(arguments: [RewriteFault.succeeds, .isNotFlushed])
  func threadsThatShareAFlushThatFailsAllHearOfIt(_ rewrite: RewriteFault) async throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let configuration = directory.configuration(
      on: CuttingDisk { $0 == "fdatasync" || rewrite.refuses($0) ? EIO : nil })
    let vault = try await Vault(configuration)
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
}
