import TokenVault

/// An open vault.
final class VaultStorage: TokenStorage {
  private let vault: Vault

  init(path: String) throws { vault = try Vault(Self.configuration(path)) }

  /// A vault at `path`, its key in a file beside it.
  static func configuration(_ path: String) -> VaultConfiguration {
    VaultConfiguration(path: path, key: .file("\(path).key"))
  }

  static func fill(_ path: String, _ tokens: [OAuthToken]) throws {
    try Vault.create(configuration(path)).importTokens(tokens)
  }

  static func compact(_ path: String) throws { try Vault(configuration(path)).compact() }

  /// Decodes all records, which a thread would do beside the first saves.
  func warmUp() throws { _ = try vault.allTokens() }

  func save(_ change: TokenChange) throws {
    guard try vault.save(change.token).change == .updated else {
      throw BenchmarkError("\(change.userName) was not updated")
    }
  }

  func find(user: String) throws {
    guard try vault.findToken(matching: TokenQuery(userName: user)) != nil else {
      throw BenchmarkError("TokenVault has no \(user)")
    }
  }
}
