import Testing

@testable import TokenVault

/// Tests of a vault with one expired record, and a server in this process.
protocol RefreshingSuite {
  var directory: TemporaryDirectory { get }
  var vault: Vault { get }
}

extension RefreshingSuite {
  var configuration: VaultConfiguration { directory.configuration() }
  var ann: TokenQuery { TokenQuery(userName: "ann") }

  /// Makes the vault.
  static func vault(in directory: TemporaryDirectory) throws -> Vault {
    let vault = try Vault.create(directory.configuration())
    try vault.save(
      token(
        """
        {"user_name":"ann","access_token":"a0","refresh_token":"r0","scope":"read",
        "expires_at":"2020-01-01T00:00:00Z"}
        """))
    return vault
  }

  /// Gives the record this many seconds to live.
  func live(_ seconds: Int64) throws {
    var change = OAuthToken()
    change.userName = "ann"
    change.expiresAt = Timestamp.now.adding(seconds: seconds).map(Expiry.at)
    try vault.save(change, ifRevision: nil)
  }

  func stored() throws -> OAuthToken {
    try #require(try Vault(configuration).findToken(matching: ann))
  }
}
