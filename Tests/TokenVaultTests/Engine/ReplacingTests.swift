import Testing

@testable import TokenVault

/// Which writes replace the file of a vault.
@Suite struct ReplacingTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

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
      case .delete: ReplacingTests.old
      case .deleteMany: ["a", "c", "d"]
      case .purge: []
      case .importing: ReplacingTests.old + ["e", "f"]
      default: ReplacingTests.old + ["e"]
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
    let size = try file().layout.logEnd
    #expect(size < before.layout.logEnd - 20_000)
    try vault.save(largeToken("b", size: 20_000))
    #expect(try file().layout.logEnd > size + 20_000)
    let report = try vault.compact()
    #expect(try abs(file().layout.logEnd - size) < 200)
    #expect(report.generation == (try generation()))
    let after = try file()
    #expect(try vault.compact().size == report.size, "there is nothing to do")
    #expect(try file() == after)
  }
}
