extension InMemoryTokenStore: RefreshingTokenStore {
  /// The changes that any thread makes from now on, each one once, for one loop. It ends when its task is cancelled.
  public func changes() -> AsyncStream<VaultChange> { watch() }
}

extension Vault: RefreshingTokenStore {}
