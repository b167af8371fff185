extension Vault {
  /// The changes that any thread or process makes from now on, each one once.
  ///
  ///     for try await change in try vault.changes() { … }
  ///
  /// Nothing runs until they are asked for, and nothing is lost meanwhile. Throws as `findToken(matching:)`.
  public func changes() throws(TokenVaultError) -> VaultChanges {
    VaultChanges(start: try changeReader())
  }

  /// The same for a thread that may block.
  package func changeReader() throws(TokenVaultError) -> ChangeReader { try ChangeReader(self) }
}
