import Testing

@testable import TokenVault

/// A vault with one expired record, and a server in this process that refreshes it.
struct ServedVault {
  let directory: TemporaryDirectory
  let vault: Vault
  let server = RotatingServer()

  init() throws {
    directory = try TemporaryDirectory()
    vault = try Vault.create(directory.configuration())
    try vault.save(
      token(
        """
        {"user_name":"ann","access_token":"a0","refresh_token":"r0","scope":"read",
        "expires_at":"2020-01-01T00:00:00Z"}
        """))
  }
}

/// Tests of such a vault.
protocol RefreshingSuite {
  var served: ServedVault { get }
}

extension RefreshingSuite {
  var directory: TemporaryDirectory { served.directory }
  var vault: Vault { served.vault }
  var server: RotatingServer { served.server }
  var configuration: VaultConfiguration { directory.configuration() }
  var ann: TokenQuery { TokenQuery(userName: "ann") }

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
