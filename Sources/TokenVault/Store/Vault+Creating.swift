internal import VaultCrypto

extension Vault {
  /// Makes a vault that is not there yet, and its key unless that is at its place already.
  ///
  /// Refuses where anything has the path, or where the snapshot of a vault does. The key is durable before
  /// the vault is; where the vault then cannot be made, a key made at the standard place is taken away
  /// again.
  public static func create(
    _ configuration: VaultConfiguration, format: RecordFormat = .json
  ) throws(TokenVaultError) -> Vault {
    let file = try configuration.file()
    do { try file.refuseToCreate() } catch { throw TokenVaultError(error) }
    let store: StoreID
    do { store = try StoreID.random() } catch { throw TokenVaultError(error) }
    let (keyFile, key, isNewKey) = try makeKey(configuration, store)
    do throws(TokenVaultError) {
      let state = try create(configuration, file, newHeader(format, store, key))
      return Vault(configuration, file, keyFile, state)
    } catch {
      // A named key may be another vault's by now; the standard one is this store's alone.
      if isNewKey, configuration.key == .standard { keyFile.discard() }
      throw error
    }
  }

  /// Opens the vault, or makes it where neither it nor its snapshot is there; `isNew` says which.
  package static func openOrCreate(
    _ configuration: VaultConfiguration, format: RecordFormat = .json
  ) throws(TokenVaultError) -> (vault: Vault, isNew: Bool) {
    do {
      return (try Vault(configuration), false)
    } catch .noVault(_, previous: nil) {
      try makeDirectories(for: configuration)
      do {
        return (try create(configuration, format: format), true)
      } catch .alreadyExists {
        return (try Vault(configuration), false)  // Another process was first.
      }
    }
  }

  /// Makes the directories on the way to a vault that is to be made.
  package static func makeDirectories(
    for configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    do throws(FileError) {
      let location = try VaultLocation(resolving: configuration.path, disk: configuration.disk)
      try PrivateFile(disk: configuration.disk).makeDirectories(above: location.path)
    } catch {
      throw TokenVaultError(error)
    }
  }

  private static func create(
    _ configuration: VaultConfiguration, _ file: VaultFile,
    _ new: (header: VaultHeader, dataKey: SecretBytes)
  ) throws(TokenVaultError) -> VaultState {
    let image = try VaultWriter.seal(TokenTable(), new.header, new.dataKey)
    do throws(FileError) {
      let lock = try file.lock(timeout: configuration.lockTimeout)
      defer { withExtendedLifetime(lock) {} }
      try file.refuseToCreate()
      return VaultState(
        version: try file.create(image.span), header: new.header, dataKey: new.dataKey,
        table: TokenTable())
    } catch {
      throw TokenVaultError(error)
    }
  }

  private static func newHeader(
    _ format: RecordFormat, _ store: StoreID, _ key: SecretBytes
  ) throws(TokenVaultError) -> (header: VaultHeader, dataKey: SecretBytes) {
    do {
      return try VaultHeader.make(format: format, store: store, key: key)
    } catch {
      throw TokenVaultError(error)
    }
  }

  /// The key at its place, or a new one there.
  private static func makeKey(
    _ configuration: VaultConfiguration, _ store: StoreID
  ) throws(TokenVaultError) -> (file: KeyFile, key: SecretBytes, isNew: Bool) {
    do throws(KeyError) {
      let file = try KeyFile(
        configuration.key, of: store, configuration.locations, configuration.disk)
      do throws(KeyError) {
        return (file, try file.read(), false)
      } catch .file(.missing) {
        do throws(KeyError) {
          return (file, try file.create(), true)
        } catch .file(.alreadyThere) {
          return (file, try file.read(), false)  // Another process was first.
        }
      }
    } catch {
      throw TokenVaultError(error)
    }
  }
}

extension VaultConfiguration {
  /// The file that the configuration names.
  func file() throws(TokenVaultError) -> VaultFile {
    do { return try VaultFile(path: path, disk: disk) } catch { throw TokenVaultError(error) }
  }
}
