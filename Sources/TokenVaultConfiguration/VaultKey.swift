#if Configuration
  internal import Configuration
  internal import TokenRecords
  internal import TokenVault

  /// A configuration key that names a field of a record (``VaultConfigProvider`` has the grammar).
  struct VaultKey {
    /// The record.
    let query: TokenQuery
    /// What the context says of the record.
    private let id, client: String?
    /// Its field; nil for the endpoint, which is no named field.
    let field: TokenField?

    /// Nil for a key that is not one of a vault.
    init?(_ key: AbsoluteConfigKey) {
      guard let name = key.components.last else { return nil }
      field = TokenField.allCases.first { $0.name == name }
      guard field != nil || name == OAuthToken.tokenEndpointName else { return nil }
      (id, client) = (key.context["id"].map { "\($0)" }, key.context["client_id"].map { "\($0)" })
      let user = key.components.dropLast()
      if user.isEmpty {
        guard let id else { return nil }
        query = TokenQuery(id: id)
      } else {
        query = TokenQuery(userName: user.joined(separator: "."), clientID: client)
      }
    }

    /// Whether a value can have this type.
    static func isType(_ type: ConfigType) -> Bool { type == .string || type == .bytes }

    /// Looks up the value of a key in the record that `find` returns for it.
    ///
    /// - Throws: What `find` throws; ``VaultConfigError`` for a type that the value cannot have.
    static func lookUp(
      _ key: AbsoluteConfigKey, as type: ConfigType,
      by find: (VaultKey) throws -> OAuthToken?
    ) throws -> LookupResult {
      guard let own = VaultKey(key) else { return try result(key, type, nil) }
      return try result(key, type, own.text(in: try find(own)))
    }

    /// The same, with a record that has to be waited for.
    static func lookUp(
      _ key: AbsoluteConfigKey, as type: ConfigType,
      by find: (VaultKey) async throws -> OAuthToken?
    ) async throws -> LookupResult {
      guard let own = VaultKey(key) else { return try result(key, type, nil) }
      return try result(key, type, own.text(in: try await find(own)))
    }

    private func text(in token: OAuthToken?) -> String? {
      guard let token, id == nil || id == token.id, client == nil || client == token.clientID
      else { return nil }
      return switch field {
      case .expiresAt: token.expiresAt?.text
      case .some(let field): token[field]
      case nil: token.tokenEndpoint
      }
    }

    private static func result(
      _ key: AbsoluteConfigKey, _ type: ConfigType, _ text: String?
    ) throws -> LookupResult {
      let content = try text.map { text throws(VaultConfigError) -> ConfigContent in
        switch type {
        case .string: .string(text)
        case .bytes: .bytes(Array(text.utf8))
        default: throw VaultConfigError(key: "\(key)", type: type)
        }
      }
      return LookupResult(
        encodedKey: "\(key)", value: content.map { ConfigValue($0, isSecret: true) })
    }
  }
#endif
