import Foundation
import Testing

@testable import TokenVault

/// Watching where the kernel has no watches for us.
@Suite(.timeLimit(.minutes(5))) struct PolledChangesTests {
  private let directory: TemporaryDirectory
  private let vault: Vault
  private let other: Vault

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    other = try Vault(directory.configuration())
    try other.save(token(#"{"user_name":"old","access_token":"0"}"#))
  }

  /// The changes of the vault, for which no instance can be had.
  private func changes(
    without errno: Int32 = EMFILE, every interval: Duration = .milliseconds(5)
  ) throws -> VaultChanges.AsyncIterator {
    let reader = try ChangeReader(vault) { (file) throws(FileError) in
      try DirectoryWatch(file, interval: interval) { () throws(FileError) in
        throw .system(SystemCallError("inotify_init1", errno: errno))
      }
    }
    return VaultChanges(start: reader).makeAsyncIterator()
  }

  @Test(arguments: [EMFILE, ENFILE, ENOSPC, ENOSYS, EACCES, EPERM])
  func everyChangeIsSeenOnceAndInOrder(errno: Int32) async throws {
    var changes = try changes(without: errno)
    for revision in 2...12 {
      try await other.save(token(#"{"user_name":"old","access_token":"\#(revision)"}"#))
      let change = try #require(await changes.next())
      #expect(change.id == "1" && change.kind == .updated && change.revision == revision)
    }
    for number in 2...5 {
      try await other.save(token(#"{"user_name":"new-\#(number)","access_token":"1"}"#))
    }
    try await other.deleteToken(id: "1")
    var seen: [String] = []
    for _ in 2...6 {
      let change = try #require(await changes.next())
      seen.append("\(change.id) \(change.kind.rawValue)")
    }
    #expect(Set(seen) == ["2 inserted", "3 inserted", "4 inserted", "5 inserted", "1 deleted"])
  }

  @Test func theSavesToALargeVaultAreSeen() async throws {
    let long = String(repeating: "x", count: 70_000)
    try await other.save(token(#"{"user_name":"long","access_token":"\#(long)"}"#))
    var changes = try changes()
    let inode = try directory.inode()
    for revision in 2...5 {
      try await other.save(token(#"{"user_name":"old","access_token":"\#(revision)"}"#))
      #expect(try await changes.next()?.revision == revision)
    }
    #expect(try directory.inode() == inode, "they were appended")
  }

  @Test func aLoopIsCancelledAtOnceHoweverSeldomItLooks() async throws {
    let changes = try changes(every: .seconds(1_000_000))
    let task = Task {
      var changes = changes
      return try await changes.next()
    }
    await Task.yield()
    task.cancel()
    #expect(try await task.value == nil)
  }

  @Test func aVaultThatIsRemovedEndsIt() async throws {
    var changes = try changes()
    try await other.save(token(#"{"user_name":"old","access_token":"1"}"#))
    #expect(try await changes.next() != nil)
    try FileManager.default.removeItem(atPath: directory.file("tokens.vault"))
    await #expect(throws: TokenVaultError.self) { try await changes.next() }
    #expect(try await changes.next() == nil)
  }

  @Test func onceTheKernelHasWatchesAgainItIsAsked() throws {
    let file = try VaultFile(path: directory.file("tokens.vault"), disk: LinuxDisk())
    let polling = StatusPolling(file, every: .zero)
    // Nothing has changed: it ends, so that another watch is made.
    #expect(polling.wait() == .lost)
  }
}
