#if Configuration
  public import Configuration
  public import TokenVault

  /// The secrets of an open vault as configuration values of swift-configuration.
  ///
  /// A key is a user and a field: `ann@example.com.access_token`. The last component of a key is the name of a field:
  /// `access_token`, `refresh_token`, `client_id`, `client_secret`, `grant_token`, `id_token`, `secret`, `expires_at`, `scope`,
  /// `token_type`, `api_domain`, `redirect_url`, `user_name`, `id` or `token_endpoint`. The components before it, with the dots
  /// between them, are the user. The context says the rest: `client_id` names the client of a user with several, and `id`, under
  /// a key that is a field alone, names the record; a record that has another id or client than the context is not there.
  ///
  ///     let config = ConfigReader(provider: VaultConfigProvider(vault))
  ///     let token = try await config.fetchRequiredString(forKey: "ann@example.com.access_token")
  ///     let other = config.string(forKey: ConfigKey("client_secret", context: ["id": "7"]))
  ///
  /// A key that names no field, and one whose record or field is not there, has no value. Every value is text, or its bytes in
  /// UTF-8, and is marked as a secret. No error and no description has a secret.
  public struct VaultConfigProvider: Sendable {
    /// Sends a record to its server, as `RefreshTokenGrant` of `TokenVaultHTTP` does.
    public typealias Refresher = @Sendable (OAuthToken) async throws -> RefreshAnswer

    let vault: Vault
    private let minimumLifetime: Duration
    private let refreshing: Refresher?

    /// A provider of what a vault stores.
    ///
    /// - Parameters:
    ///   - vault: The open vault.
    ///   - minimumLifetime: How long an access token that is fetched must still live.
    ///   - refreshing: Refreshes an access token that is fetched and would expire sooner; nil fetches the stored one.
    public init(
      _ vault: Vault, minimumLifetime: Duration = .seconds(60), refreshing: Refresher? = nil
    ) {
      (self.vault, self.minimumLifetime, self.refreshing) = (vault, minimumLifetime, refreshing)
    }

    /// The record that a key names now, with a fresh access token if that is what the key asks for.
    private func fetch(_ key: VaultKey, as type: ConfigType) async throws -> OAuthToken? {
      guard let refreshing, key.field == .accessToken, VaultKey.isType(type) else {
        return try await vault.findToken(matching: key.query)
      }
      do {
        return try await vault.freshToken(
          for: key.query, minimumLifetime: minimumLifetime, refreshing: refreshing
        ).token
      } catch TokenVaultError.noMatch, TokenVaultError.ended {
        return nil
      }
    }
  }

  extension VaultConfigProvider: ConfigProvider {
    /// The provider and the path of its vault.
    public var providerName: String { "VaultConfigProvider[\(vault.path)]" }

    /// The stored value. The call waits for no writer. On the calling thread, it reads the file if the vault has changed, and
    /// now and then writes that the record was used, with one flush.
    ///
    /// - Throws: `TokenVaultError` if the vault cannot be read, or the key fits records of several clients;
    ///   ``VaultConfigError`` for a type other than text and bytes.
    public func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
      try VaultKey.lookUp(key, as: type) { try vault.findToken(matching: $0.query) }
    }

    /// The stored value, or an access token that lives for the minimum lifetime: of all threads and processes that fetch it,
    /// one asks the server. If the server cannot be asked, the stored access token is the value while it is valid.
    ///
    /// - Throws: As ``value(forKey:type:)``; what `Vault.freshToken` throws; `CancellationError`.
    public func fetchValue(
      forKey key: AbsoluteConfigKey, type: ConfigType
    ) async throws -> LookupResult {
      try await VaultKey.lookUp(key, as: type) { try await fetch($0, as: type) }
    }

    /// All stored values at one moment. The records are decoded, and stay in memory as long as the snapshot.
    public func snapshot() -> any ConfigSnapshot {
      VaultConfigSnapshot(providerName, Result { try vault.recordSnapshot() })
    }
  }

  extension VaultConfigProvider: CustomStringConvertible {
    /// The provider's name.
    public var description: String { providerName }
  }
#endif
