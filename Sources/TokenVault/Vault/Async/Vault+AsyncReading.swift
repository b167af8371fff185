// The same operations for tasks: reading.
extension Vault {
  /// The record that the query means, read as by the synchronous form, without blocking the thread of the task.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func findToken(matching query: TokenQuery) async throws -> OAuthToken? {
    try await readers.run { try self.findToken(matching: query) }
  }

  /// The record with this id, or nil.
  ///
  /// - Throws: As the form for a query.
  public func findToken(id: String) async throws -> OAuthToken? {
    try await findToken(matching: TokenQuery(id: id))
  }

  /// The record that the query means.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func requireToken(matching query: TokenQuery) async throws -> OAuthToken {
    try await readers.run { try self.requireToken(matching: query) }
  }

  /// All records, the oldest first.
  ///
  /// - Throws: As the form for a query.
  public func allTokens() async throws -> [OAuthToken] {
    try await readers.run { try self.allTokens() }
  }

  /// The state of the vault now.
  ///
  /// - Throws: As the form for a query.
  public func status() async throws -> VaultStatus {
    try await readers.run { try self.status() }
  }

  /// The key slots of the vault now.
  ///
  /// - Throws: As the form for a query.
  public func slots() async throws -> [KeySlotStatus] {
    try await readers.run { try self.slots() }
  }

  /// The limits of this vault.
  ///
  /// - Throws: As the form for a query.
  public func policy() async throws -> RetentionPolicy {
    try await readers.run { try self.policy() }
  }
}
