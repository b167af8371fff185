import Foundation
import Testing

@testable import TokenVault

/// Which writes go behind the snapshot of a large vault, and which replace its file.
@Suite struct AppendingTests {
  static let old = ["a", "b", "c", "d"]

  let directory: TemporaryDirectory
  var configuration: VaultConfiguration { directory.configuration() }

  init() throws { directory = try TemporaryDirectory() }

  /// Which file it is, and its bytes.
  struct File: Equatable {
    let inode: Int?
    let layout: FileLayout

    static func == (left: File, right: File) -> Bool {
      left.inode == right.inode && left.layout.bytes == right.layout.bytes
    }

    /// Whether this is the same file with so many commits more, and all else as it was.
    func extends(_ before: File, by commits: Int) -> Bool {
      inode == before.inode && layout.bytes.starts(with: before.layout.bytes)
        && layout.commits.count == before.layout.commits.count + commits
    }

    /// Whether this is another file, without commits.
    func isReplaced(since before: File) -> Bool {
      inode != before.inode && layout.commits.isEmpty
    }
  }

  func file() throws -> File { File(inode: try directory.inode(), layout: try directory.layout()) }

  func generation() throws -> UInt64 { try Vault(configuration).status().generation }

  /// A record whose access token has so many bytes.
  func largeToken(_ user: String, size: Int) throws -> OAuthToken {
    try smallToken(user, String(repeating: "y", count: size))
  }

  // MARK: What is appended

  @Test(arguments: RecordFormat.allCases)
  func aSaveToALargeVaultKeepsTheFileAndAddsLittleToIt(_ format: RecordFormat) throws {
    let vault = try directory.largeVault(format: format)
    let previous = try directory.bytes("tokens.vault.previous")
    for (user, users) in [("e", Self.old + ["e"]), ("e", Self.old + ["e"])] {
      let before = try file()
      try vault.save(smallToken(user, "\(before.layout.bytes.count)"))
      let after = try file()
      #expect(after.extends(before, by: 1))
      #expect(after.layout.bytes.count - before.layout.bytes.count < 800)
      #expect(try directory.users() == users)
    }
    #expect(try directory.bytes("tokens.vault.previous") == previous)
    #expect(try !directory.names.contains("tokens.vault.new"))
  }

  @Test func manyRecordsThatAreSavedTogetherAreOneCommit() throws {
    let vault = try directory.largeVault()
    let before = try file()
    try vault.save(["e", "f", "a"].map { try smallToken($0, "2") })
    #expect(try file().extends(before, by: 1))
    #expect(try directory.users() == Self.old + ["e", "f"])
    #expect(try Vault(configuration).findToken(id: "1")?.accessToken == "2")
  }

  @Test func aSaveThatChangesNothingWritesNothing() throws {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let before = try file()
    #expect(try vault.save(smallToken("e")).change == .unchanged)
    #expect(try Vault(configuration).save(smallToken("e")).change == .unchanged)
    #expect(try vault.importTokens([smallToken("e")]).map(\.change) == [.unchanged])
    #expect(try vault.save([]).isEmpty)
    #expect(try file() == before)
  }

  @Test func aSaveThatIsRefusedWritesNothing() throws {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let before = try file()
    #expect(throws: TokenVaultError.revisionConflict(id: "5", expected: 7, actual: 1)) {
      try vault.save(smallToken("e", "2"), ifRevision: 7)
    }
    #expect(throws: TokenVaultError.self) {
      try vault.save([smallToken("f"), token(#"{"user_name":"g"}"#)])
    }
    #expect(try file() == before)
    #expect(try vault.allTokens().compactMap(\.userName) == Self.old + ["e"])
    #expect(try vault.save(smallToken("f")).token.id == "6")
  }

  @Test func aUseOfARecordIsAppended() throws {
    let clock = SettableClock()
    let configuration = directory.configuration(clock)
    let vault = try directory.largeVault(configuration)
    clock.advance(seconds: 3601)
    let before = try file()
    #expect(try vault.findToken(id: "3")?.userName == "c")
    let after = try file()
    #expect(after.extends(before, by: 1))
    let stored = try Vault(configuration).findWithoutUse(TokenQuery(id: "3"))
    #expect(stored?.history.lastUsedAt == clock.now && stored?.revision == 1)
    #expect(try vault.findToken(id: "3") != nil)
    #expect(try file() == after)
  }

  private func vaultToRefresh() throws -> Vault {
    let vault = try directory.largeVault()
    try vault.save(
      token(
        """
        {"user_name":"ann","access_token":"a0","refresh_token":"r0",
        "expires_at":"2020-01-01T00:00:00Z"}
        """))
    return vault
  }

  @Test func aRefreshAppendsThatItIsBegunAndItsAnswer() async throws {
    let vault = try vaultToRefresh()
    let before = try file()
    let server = RotatingServer()
    let query = TokenQuery(userName: "ann")
    let (directory, path) = (directory, directory.file("tokens.vault"))
    let fresh = try await vault.freshToken(for: query) { record in
      // The first one is there before the server is asked.
      let commits = try directory.layout().commits.count
      #expect(commits == 2 && FileManager.default.fileExists(atPath: path))
      let mark = try Vault(directory.configuration()).findWithoutUse(query)?.history.refresh
      #expect(mark != nil)
      return try server.refresh(record)
    }
    #expect(fresh.wasRefreshed && server.calls == 1)
    #expect(try file().extends(before, by: 2))
    let stored = try Vault(configuration).findWithoutUse(query)
    #expect(stored?.accessToken == "a1" && stored?.refreshToken == "r1")
    #expect(stored?.history.refresh == nil)
  }

  // MARK: What replaces

  @Test(arguments: RecordFormat.allCases)
  func aSaveToASmallVaultReplacesTheFile(_ format: RecordFormat) throws {
    let vault = try Vault.create(configuration, format: format)
    for number in 1...3 {
      let before = try file()
      try vault.save(smallToken("user\(number)"))
      #expect(try file().isReplaced(since: before))
      #expect(try directory.bytes("tokens.vault.previous") == before.layout.bytes)
    }
  }

  @Test(arguments: [65_536, 65_537])
  func aVaultIsReplacedUpToASnapshotThatEndsAt64KiB(_ end: Int) throws {
    let vault = try Vault.create(configuration)
    var size = 64_000
    try vault.save(largeToken("a", size: size))
    while try file().layout.snapshotEnd != end {
      size += end - (try file().layout.snapshotEnd)
      try vault.deleteAllTokens()
      try vault.save(largeToken("a", size: size))
    }
    let before = try file()
    try vault.save(smallToken("e"))
    let after = try file()
    #expect(end == 65_536 ? after.isReplaced(since: before) : after.extends(before, by: 1))
    #expect(try directory.users() == ["a", "e"])
  }

  /// A change that is no save.
  enum Change: CaseIterable, Sendable {
    case delete, deleteMany, purge, policy, convert, importing, addSlot, rotate, rotateDataKey
    case compact

    func make(_ vault: Vault, _ directory: TemporaryDirectory) throws {
      switch self {
      case .delete: try vault.deleteToken(id: "5")
      case .deleteMany: try vault.deleteTokens(ids: ["2", "5"])
      case .purge:
        var options = PurgeOptions()
        options.maxAge = .zero
        #expect(try vault.purge(options).deleted.count == 5)
      case .policy:
        var policy = RetentionPolicy()
        policy.idle = .seconds(86_400)
        try vault.setPolicy(policy)
      case .convert: try vault.convert(to: vault.status().format == .csv ? .json : .csv)
      case .importing: try vault.importTokens([smallToken("f")])
      case .addSlot: try vault.addSlot(named: "other", key: .file(directory.file("other.key")))
      case .rotate: try vault.rotate()
      case .rotateDataKey:
        var options = RotationOptions()
        options.keepsKey = true
        try vault.rotate(options)
      case .compact: try vault.compact()
      }
    }

    var usersAfter: [String] {
      switch self {
      case .delete: AppendingTests.old
      case .deleteMany: ["a", "c", "d"]
      case .purge: []
      case .importing: AppendingTests.old + ["e", "f"]
      default: AppendingTests.old + ["e"]
      }
    }

    /// Whether what was there must not be found beside the vault either.
    var removesPrevious: Bool {
      [.delete, .deleteMany, .purge, .rotate, .rotateDataKey].contains(self)
    }
  }

  @Test(arguments: Change.allCases, RecordFormat.allCases)
  func whatIsNoSaveReplacesTheFile(_ change: Change, _ format: RecordFormat) throws {
    let vault = try directory.largeVault(format: format)
    try vault.save(smallToken("e"))
    let before = try file()
    let previous = try directory.bytes("tokens.vault.previous")
    let generation = try generation()
    try change.make(vault, directory)
    #expect(try file().isReplaced(since: before))
    #expect(try self.generation() == generation + 1)
    #expect(try directory.users() == change.usersAfter)
    #expect(try vault.allTokens().compactMap(\.userName) == change.usersAfter)
    let left = try? directory.bytes("tokens.vault.previous")
    if change.removesPrevious {
      #expect(left == nil)
    } else {
      #expect(left == (change == .compact ? previous : before.layout.bytes))
    }
  }

  @Test func aSlotThatIsRemovedIsGoneFromTheFile() throws {
    let vault = try directory.largeVault()
    try vault.addSlot(named: "other", key: .file(directory.file("other.key")))
    try vault.save(smallToken("e"))
    let before = try file()
    try vault.removeSlot(named: "other")
    #expect(try file().isReplaced(since: before))
    #expect(try directory.users() == Self.old + ["e"])
  }

  @Test func whatWasDeletedOrOverwrittenIsNotInTheFileAnyMore() throws {
    let vault = try directory.largeVault()
    try vault.importTokens([largeToken("e", size: 20_000)])
    let before = try file()
    try vault.deleteToken(id: "1")
    let size = try file().layout.bytes.count
    #expect(size < before.layout.bytes.count - 20_000)
    try vault.save(largeToken("b", size: 20_000))
    #expect(try file().layout.bytes.count > size + 20_000)
    let report = try vault.compact()
    #expect(report.sizeBefore > report.size && abs(Int(report.size) - size) < 200)
    #expect(report.generation == (try generation()))
    let after = try file()
    #expect(try vault.compact().size == report.size, "there is nothing to do")
    #expect(try file() == after)
  }
}
