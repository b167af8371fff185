internal import VaultCrypto

extension Vault {
  /// Makes a vault that is not there yet, and its key file unless that is at its place already.
  ///
  /// Its first slot is for the configuration's key: `default` for a key, which a standard or named file
  /// gets, `passphrase` or `recovery` for those. With a recovery code, it has a slot `recovery` for that
  /// besides.
  ///
  /// Refuses where anything has the path, or where the snapshot of a vault does; and, with `otherVault`, where this host
  /// has seen a vault, unless the configuration accepts another one. The key is durable before
  /// the vault is; where the vault then cannot be made, a key made at the standard place is taken away
  /// again.
  public static func create(
    _ configuration: VaultConfiguration, format: RecordFormat = .json,
    recovery: RecoveryCode? = nil
  ) throws(TokenVaultError) -> Vault {
    try configuration.checkDirectoriesToMake()
    let file = try configuration.file()
    do { try file.refuseToCreate() } catch { throw TokenVaultError(error) }
    try VaultAccess(file, configuration).refuseToCreateOverSeen()
    var (header, dataKey) = try newHeader(format, configuration.now())
    let first = try NewSlotKey(configuration.key, &header, configuration)
    do throws(TokenVaultError) {
      let slots = [(first.key.kind.slotName, first.key)]
      try header.addSlots(slots, recovery, dataKey, configuration.now())
      let found = UnlockedKey(
        dataKey: dataKey, slot: header.slots.first, key: first.key,
        source: first.file.map { KeySource.file($0.path).description }
          ?? configuration.key.description,
        file: first.file, isStaged: false)
      return Vault(configuration, try create(configuration, file, header, found))
    } catch {
      // A named key may be another vault's by now; the standard one is this store's alone.
      if first.isNewFile, configuration.key == .standard { first.file?.discard() }
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
    try configuration.checkDirectoriesToMake()
    do throws(FileError) {
      let location = try VaultLocation(resolving: configuration.path, disk: configuration.disk)
      try PrivateFile(disk: configuration.disk).makeDirectories(above: location.path)
    } catch {
      throw TokenVaultError(error)
    }
  }

  private static func newHeader(
    _ format: RecordFormat, _ now: Timestamp
  ) throws(TokenVaultError) -> (VaultHeader, DataKey) {
    do throws(CryptoError) {
      let dataKey = try DataKey.random()
      let header = VaultHeader.make(
        format: format, store: try .random(), dataKey: dataKey, now: now)
      return (header, dataKey)
    } catch {
      throw TokenVaultError(error)
    }
  }

  private static func create(
    _ configuration: VaultConfiguration, _ file: VaultFile, _ header: VaultHeader,
    _ found: UnlockedKey
  ) throws(TokenVaultError) -> VaultSession {
    let access = VaultAccess(file, configuration)
    let use: KeyFileUse? =
      if let keyFile = found.file { try access.use(of: keyFile, header.store) } else { nil }
    let lock: WriterLock
    do throws(FileError) {
      lock = try file.lock(timeout: configuration.lockTimeout)
      try file.refuseToCreate()
    } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    let new = try SnapshotWriter.write(
      TokenTable(), header, found.dataKey, to: file, under: lock)
    let version: VaultFile.Version
    do { version = try file.create(new.file) } catch { throw TokenVaultError(error) }
    var state = VaultSession(
      access: access, version: version, header: header, found: found, tail: new.tail,
      table: TokenTable())
    state.noteRemembered(state.seen)
    state.noteSynchronized(version)
    use?.keep(header.generation, over: nil)
    state.rememberNew()
    return state
  }
}

extension VaultSession {
  /// Remembers a vault that was just made, and is on the disk.
  fileprivate func rememberNew() {
    access.memory.remember(seen, of: header.store)
    access.rememberSlots(accepting: header, found)?.complete()
    access.memory.rememberPath(of: header.store)
  }
}

extension VaultHeader {
  fileprivate mutating func addSlots(
    _ slots: [(name: String, key: SlotKey)], _ recovery: RecoveryCode?, _ dataKey: DataKey,
    _ now: Timestamp
  ) throws(TokenVaultError) {
    if recovery != nil, slots.contains(where: { $0.key.kind == .recovery }) {
      throw .slotExists(SlotKind.recovery.slotName)
    }
    do throws(CryptoError) {
      for (name, key) in slots { try addSlot(name, for: key, dataKey, now: now) }
      if let recovery {
        try addSlot(SlotKind.recovery.slotName, for: recovery.slotKey, dataKey, now: now)
      }
    } catch {
      throw TokenVaultError(error)
    }
  }
}

extension SlotKind {
  /// What the slot of this kind is called that a new vault has.
  var slotName: String { self == .key ? "default" : rawValue }
}
