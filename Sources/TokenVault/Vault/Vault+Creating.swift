internal import VaultCrypto

extension Vault {
  /// Makes a vault that is not there yet, and its key file unless that is there already.
  ///
  /// The first slot is for the configuration's key: `default` for a key, which a standard or named file gets, `passphrase`
  /// or `recovery` for those. The key is durable before the vault is; if the vault then cannot be made, a new key at the
  /// standard place is removed again.
  ///
  /// - Parameters:
  ///   - configuration: Where the vault and its key will be.
  ///   - format: How the records will be written.
  ///   - recovery: A recovery code that will open the vault, too, by a slot `recovery`.
  /// - Throws: ``TokenVaultError/alreadyExists(path:)`` if anything has the path, or the path of the previous snapshot;
  ///   ``TokenVaultError/otherVault(path:seen:found:)`` if this host has seen a vault there, unless the configuration
  ///   accepts another one.
  @available(*, noasync)
  public static func create(
    _ configuration: VaultConfiguration, format: RecordFormat = .json,
    recovery: RecoveryCode? = nil
  ) throws(TokenVaultError) -> Vault {
    try configuration.checkDirectoriesToMake()
    let file = try configuration.file()
    try TokenVaultError.wrap(file: file.refuseToCreate())
    let access = VaultAccess(file, configuration)
    try access.refuseToCreateOverSeen()
    var (header, dataKey) = try newHeader(format, configuration.now())
    let first = try NewSlotKey(configuration.key, header, configuration)
    do throws(TokenVaultError) {
      try header.addFirstSlots(first.key, recovery, dataKey, configuration)
      let found = UnlockedKey(
        dataKey: dataKey, slot: header.slots.first, key: first.key,
        source: first.file.map { KeySource.file($0.path).description }
          ?? configuration.key.description,
        file: first.file, isStaged: false)
      return Vault(configuration, try access.create(header, found))
    } catch {
      // A named key may be another vault's by now; the standard one is this store's alone.
      if first.isNewFile, configuration.key == .standard { first.file?.discard() }
      throw error
    }
  }

  /// Opens the vault, or makes it, its directories and its key file if neither it nor its previous snapshot is there.
  ///
  /// Any number of processes may call it at once: one of them makes the vault.
  ///
  /// - Throws: As ``init(_:)`` and ``create(_:format:recovery:)``.
  @available(*, noasync)
  public static func openOrCreate(
    _ configuration: VaultConfiguration, format: RecordFormat = .json
  ) throws(TokenVaultError) -> Vault {
    try openCreatingIfNeeded(configuration, format: format).vault
  }

  /// As ``openOrCreate(_:format:)``; `isNew` says whether it was made.
  package static func openCreatingIfNeeded(
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

  /// Makes the directories on the way to a vault that will be made.
  package static func makeDirectories(
    for configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    try configuration.checkDirectoriesToMake()
    let disk = configuration.disk
    try TokenVaultError.wrap(
      file: PrivateFile(disk: disk).makeDirectories(
        above: VaultLocation(resolving: configuration.path, disk: disk).path))
  }

  private static func newHeader(
    _ format: RecordFormat, _ now: Timestamp
  ) throws(TokenVaultError) -> (VaultHeader, DataKey) {
    let dataKey = try TokenVaultError.wrap(crypto: DataKey.random())
    let store = try TokenVaultError.wrap(crypto: StoreID.random())
    return (VaultHeader.make(format: format, store: store, dataKey: dataKey, now: now), dataKey)
  }
}

extension VaultAccess {
  /// Writes an empty vault, and makes this host remember it.
  fileprivate func create(
    _ header: VaultHeader, _ found: UnlockedKey
  ) throws(TokenVaultError) -> VaultSession {
    let use: KeyFileUse? =
      if let keyFile = found.file { try use(of: keyFile, header.store) } else { nil }
    return try withWriterLock { (lock) throws(TokenVaultError) in
      // Again, under the lock.
      try TokenVaultError.wrap(file: file.refuseToCreate())
      let written = try Rewrite(self, under: lock, header, above: nil, target: .absent)
        .run(TokenTable(), found.dataKey)
      var session = VaultSession(
        access: self, version: written.version, header: header, found: found,
        log: written.content, table: TokenTable())
      session.markRemembered(session.seen)
      session.markSynchronized(written.version, entries: 0)
      use?.keep(header.generation, over: nil)
      rememberSlots(accepting: header, found)?.complete()
      memory.rememberPath(of: header.store)
      return session
    }
  }
}

extension VaultHeader {
  /// Adds the slot of a new vault's first key, and one for a recovery code.
  fileprivate mutating func addFirstSlots(
    _ key: SlotKey, _ recovery: RecoveryCode?, _ dataKey: DataKey,
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) {
    if recovery != nil, key.kind == .recovery { throw .slotExists(SlotKind.recovery.slotName) }
    let keys = [key] + [try TokenVaultError.wrap(crypto: recovery?.slotKey)].compactMap(\.self)
    let now = configuration.now()
    for key in keys {
      try TokenVaultError.wrap(
        at: configuration.path,
        format: addSlot(key.kind.slotName, for: key, dataKey, now: now))
    }
  }
}

extension SlotKind {
  /// The name of the slot of this kind that a new vault gets.
  var slotName: String { self == .key ? "default" : rawValue }
}
