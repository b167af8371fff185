#if Configuration
  public import Configuration
  internal import TokenVault

  extension VaultConfigProvider {
    /// The stored value, and each other one that any thread or process saves.
    ///
    /// The updates end with the task. If the vault can no longer be read, the error is an update, and the vault is tried
    /// again once a second.
    ///
    /// - Throws: What `updatesHandler` throws.
    public func watchValue<Return: ~Copyable>(
      forKey key: AbsoluteConfigKey, type: ConfigType,
      updatesHandler: (
        _ updates: ConfigUpdatesAsyncSequence<Result<LookupResult, any Error>, Never>
      ) async throws -> Return
    ) async throws -> Return {
      guard VaultKey(key) != nil else {
        return try await watchValueFromValue(
          forKey: key, type: type, updatesHandler: updatesHandler)
      }
      let read = { @Sendable [vault] () async -> Result<LookupResult, any Error> in
        do {
          let find = { (key: VaultKey) in try await vault.findToken(matching: key.query) }
          return .success(try await VaultKey.lookUp(key, as: type, by: find))
        } catch { return .failure(error) }
      }
      let updates = VaultUpdates(
        of: vault, read: read, failure: { .failure($0) }, isSame: { $0.isSame(as: $1) })
      return try await updatesHandler(ConfigUpdatesAsyncSequence(updates))
    }

    /// A snapshot, and another one after each commit that changes a record, by any thread or process.
    ///
    /// The updates end with the task. If the vault can no longer be read, the next snapshot has the error in place of
    /// values, and the vault is tried again once a second.
    ///
    /// - Throws: What `updatesHandler` throws.
    public func watchSnapshot<Return: ~Copyable>(
      updatesHandler: (
        _ updates: ConfigUpdatesAsyncSequence<any ConfigSnapshot, Never>
      ) async throws -> Return
    ) async throws -> Return {
      let name = providerName
      let read = { @Sendable [vault] () async -> any ConfigSnapshot in
        do { return VaultConfigSnapshot(name, .success(try await vault.recordSnapshot())) } catch {
          return VaultConfigSnapshot(name, .failure(error))
        }
      }
      let updates = VaultUpdates(
        of: vault, read: read, failure: { VaultConfigSnapshot(name, .failure($0)) },
        isSame: { ($0 as? VaultConfigSnapshot)?.isSame(as: $1) == true })
      return try await updatesHandler(ConfigUpdatesAsyncSequence(updates))
    }
  }

  extension Result<LookupResult, any Error> {
    /// One error is as another: the vault cannot be read.
    fileprivate func isSame(as other: Self) -> Bool {
      switch (self, other) {
      case (.success(let result), .success(let other)): result == other
      case (.failure, .failure): true
      default: false
      }
    }
  }
#endif
