#if Configuration
  public import Configuration
  internal import TokenVault

  extension VaultConfigProvider {
    /// The stored value, and each other one that any thread or process saves.
    ///
    /// The updates end with the task. If the vault can no longer be read, the error is the last of them.
    ///
    /// - Throws: As `Vault.changes()`, and what `updatesHandler` throws.
    public func watchValue<Return: ~Copyable>(
      forKey key: AbsoluteConfigKey, type: ConfigType,
      updatesHandler: (
        _ updates: ConfigUpdatesAsyncSequence<Result<LookupResult, any Error>, Never>
      ) async throws -> Return
    ) async throws -> Return {
      // Before the first value is read, so that no change is missed in between.
      let changes = try await vault.changes()
      let read = { @Sendable [vault] () async -> Result<LookupResult, any Error> in
        do {
          let find = { (key: VaultKey) in try await vault.findToken(matching: key.query) }
          return .success(try await VaultKey.lookUp(key, as: type, by: find))
        } catch { return .failure(error) }
      }
      let updates = VaultUpdates(
        of: changes, read: read, failure: { .failure($0) }, isSame: { $0.isSameValue(as: $1) })
      return try await updatesHandler(ConfigUpdatesAsyncSequence(updates))
    }

    /// A snapshot, and another one after each change that any thread or process saves.
    ///
    /// The updates end with the task. If the vault can no longer be read, the last snapshot has the error in place of values.
    ///
    /// - Throws: As `Vault.changes()`, and what `updatesHandler` throws.
    public func watchSnapshot<Return: ~Copyable>(
      updatesHandler: (
        _ updates: ConfigUpdatesAsyncSequence<any ConfigSnapshot, Never>
      ) async throws -> Return
    ) async throws -> Return {
      let (changes, name) = (try await vault.changes(), providerName)
      let read = { @Sendable [vault] () async -> any ConfigSnapshot in
        do { return VaultConfigSnapshot(name, .success(try await vault.recordSnapshot())) } catch {
          return VaultConfigSnapshot(name, .failure(error))
        }
      }
      let updates = VaultUpdates(
        of: changes, read: read, failure: { VaultConfigSnapshot(name, .failure($0)) })
      return try await updatesHandler(ConfigUpdatesAsyncSequence(updates))
    }
  }

  extension Result<LookupResult, any Error> {
    fileprivate func isSameValue(as other: Self) -> Bool {
      if case .success(let result) = self, case .success(result) = other { true } else { false }
    }
  }
#endif
