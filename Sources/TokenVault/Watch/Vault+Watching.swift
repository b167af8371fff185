extension Vault {
  /// The changes that any thread or process makes from now on, each one once.
  ///
  ///     for try await change in try await vault.changes() { … }
  ///
  /// Nothing runs until the loop asks for a change, and no change is lost meanwhile.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  public func changes() throws(TokenVaultError) -> VaultChanges {
    VaultChanges(start: try changeReader())
  }

  /// The same without blocking the thread of a task.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public func changes() async throws -> VaultChanges {
    try await readers.run { try self.changes() }
  }

  /// The same for a caller that may block its thread.
  package func changeReader() throws(TokenVaultError) -> ChangeReader { try ChangeReader(self) }
}
