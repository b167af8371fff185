import Foundation
import Glibc
import Testing

@testable import TokenVault

/// Stores that compact their vault on a thread while they go on, in several processes.
@Suite struct CompactionProcessTests: CompactionSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Saves until a compaction has begun, and returns the users.
  private static func saveUntilOneBegins(
    _ vault: Vault, _ name: String = "new"
  ) throws -> [String] {
    var users: [String] = []
    while !vault.compactions.isRunning, users.count < 1000 {
      users.append("\(name) \(users.count)")
      let access = String(repeating: "y", count: 20_000)
      try vault.save(smallToken(users.last ?? "", access))
    }
    return users
  }

  @Test func aStoreCompactsBesideItsSaves() throws {
    let vault = try hugeVault()
    let disk = CuttingDisk()
    let reader = try Vault(directory.configuration(on: disk))
    _ = try reader.allTokens()
    var users = try Self.saveUntilOneBegins(vault)
    try vault.save(smallToken("beside"))
    users.append("beside")
    vault.compactions.waitForEnd()
    #expect(try header().after != nil)
    #expect(try newUsers() == users)
    #expect(try reader.allTokens() == vault.allTokens())
    #expect(try vault.check().tokens == Self.count + users.count)
  }

  @Test func aStoreThatIsClosedEndsItsCompaction() throws {
    var vault: Vault? = try hugeVault()
    let users = try vault.map { try Self.saveUntilOneBegins($0) }
    vault = nil
    #expect(try !directory.names.contains("tokens.vault.compact"))
    #expect(try newUsers() == users)
  }

  @Test func aStoreWithoutItsRecordsLeavesTheLogToOthers() throws {
    let vault = try hugeVault()
    let inode = try directory.inode()
    // Each is a process that saves once.
    for number in 1...110 {
      try Vault(configuration).save(largeToken("\(number)", size: 20_000))
    }
    #expect(try directory.inode() == inode)
    #expect(try directory.layout().commitsSize > directory.layout().snapshotSize)
    _ = try vault.allTokens()
    try vault.save(smallToken("last"))
    vault.compactions.waitForEnd()
    #expect(try directory.inode() != inode)
    #expect(try newUsers() == (1...110).map { "\($0)" } + ["last"])
  }

  @Test func whatTwoProcessesSaveWhileBothCompactIsThere() async throws {
    _ = try hugeVault()
    async let one: Void = process("one")
    async let two: Void = process("two")
    _ = await (one, two)
    let users = try newUsers()
    let expected = ["one", "two"].flatMap { name in (1...120).map { "\(name) \($0)" } }
    #expect(users.sorted() == expected.sorted())
    #expect(try header().after != nil)
    #expect(try await Vault(configuration).check().tokens == Self.count + expected.count)
  }

  private func process(_ name: String) async {
    await #expect(processExitsWith: .success) {
      [path = directory.path as String, name = name as String] in
      try synchronously {
        let vault = try Vault(VaultConfiguration(in: path))
        _ = try vault.allTokens()
        let access = String(repeating: "y", count: 10_000)
        for number in 1...120 { try vault.save(smallToken("\(name) \(number)", access)) }
        vault.compactions.waitForEnd()
      }
    }
  }

  @Test func aProcessThatExitsOrForksMeanwhileEndsTheCompaction() async throws {
    _ = try hugeVault()
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      try synchronously {
        let vault = try Vault(VaultConfiguration(in: path))
        _ = try vault.allTokens()
        _ = try CompactionProcessTests.saveUntilOneBegins(vault, "parent")
        let child = Glibc.fork()
        if child == 0 {
          _exit((try? vault.save(smallToken("child"))) == nil ? 1 : 0)
        }
        try vault.save(smallToken("forked"))
        var status: Int32 = 0
        guard unsafe waitpid(child, &status, 0) == child, status == 0 else {
          throw CancellationError()
        }
        _ = try CompactionProcessTests.saveUntilOneBegins(vault, "later")
        exit(0)
      }
    }
    let users = try newUsers()
    #expect(Set(["child", "forked", "parent 0", "later 0"]).isSubset(of: users))
    #expect(try !directory.names.contains("tokens.vault.compact"))
    #expect(try await Vault(configuration).check().tokens == Self.count + users.count)
  }
}
