import TokenVault

/// An open vault.
final class VaultStorage: TokenStorage {
  private let vault: Vault

  init(path: String) throws { vault = try Vault(Self.configuration(path)) }

  /// A vault at `path`, its key in a file beside it.
  static func configuration(_ path: String) -> VaultConfiguration {
    VaultConfiguration(path: path, key: .file("\(path).key"))
  }

  func save(_ change: TokenChange) throws {
    do {
      let outcome = try vault.save(change.token)
      guard outcome.change == .updated else {
        throw SuiteError("\(change.userName) was not updated")
      }
    } catch TokenVaultError.lockTimeout {
      throw LockTimeout()
    }
  }

  func find(user: String) throws {
    guard try vault.findToken(matching: TokenQuery(userName: user)) != nil else {
      throw SuiteError("TokenVault has no \(user)")
    }
  }

  /// Makes a vault with these records, its file as a rewrite leaves it.
  static func fill(_ path: String, _ records: [TestRecord]) throws {
    let vault = try Vault.create(configuration(path))
    try vault.importTokens(records.map(\.token))
  }

  /// Rewrites the vault's file.
  static func compact(_ path: String) throws { try Vault(configuration(path)).compact() }

  /// Saves one more record, and gives its id.
  static func saveExtra(_ vault: Vault) throws -> String {
    var extra = TestRecord(number: 9_999_999).token
    extra.id = nil
    return try vault.save(extra).token.id ?? ""
  }
}
