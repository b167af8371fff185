import Testing

@testable import TokenVault

/// Tests of compactions beside the writers, in a vault whose snapshot has two megabytes.
protocol CompactionSuite: AppendingSuite {}

extension CompactionSuite {
  static var count: Int { 100 }
  static var oldUsers: [String] { (1...count).map { "old \($0)" } }

  /// A vault that threads compact, and a store of it that has its records decoded. Its generation is 2.
  func hugeVault() throws -> Vault {
    let vault = try Vault.create(configuration)
    var tokens: [OAuthToken] = []
    for user in Self.oldUsers { tokens.append(try largeToken(user, size: 20_000)) }
    try vault.save(tokens)
    return vault
  }

  /// A compaction of the vault as it is now, to be run later.
  func compaction(_ vault: Vault) throws -> Compaction {
    try vault.write { (transaction) throws(TokenVaultError) in
      try Compaction(of: transaction.session)
    }
  }

  func header() throws -> VaultHeader {
    let bytes = try directory.bytes("tokens.vault")
    return try VaultHeader.decode(bytes.span).header
  }

  /// The users that were saved besides the old ones, as a new store reads them.
  func newUsers() throws -> [String] {
    let users = try directory.users()
    let old = Self.oldUsers
    #expect(users.starts(with: old))
    return Array(users.dropFirst(old.count))
  }
}
