internal import VaultCrypto

// What this host remembers of the vault, against rollback and replacement by another vault.
extension VaultAccess {
  private var path: String { file.location.path }

  /// What is remembered of a store. To be called after the vault was read, so that the memory is not older.
  func remembered(of store: StoreID, _ known: Known?) throws(TokenVaultError) -> Remembered {
    let remembered = try TokenVaultError.wrap(
      file: Remembered(
        atPath: known == nil ? memory.storeAtPath() : known?.store,
        highest: memory.seen(store), slots: memory.slots(store)))
    // An open vault never goes on with another one, even if a person accepts it.
    if let seen = remembered.atPath, seen != store,
      known != nil || !configuration.acceptsOtherVault
    {
      throw .otherVault(path: path, seen: seen.text, found: store.text)
    }
    return remembered
  }

  /// Refuses to make a vault at a path at which this host has seen one.
  func refuseToCreateOverSeen() throws(TokenVaultError) {
    if configuration.acceptsOtherVault { return }
    let seen = try TokenVaultError.wrap(file: memory.storeAtPath())
    if let seen { throw .otherVault(path: path, seen: seen.text, found: nil) }
  }

  /// Refuses a vault that lacks this host's slot, or whose data-encryption key nothing vouches for.
  func refuseUnproven(_ opened: Opened) throws(TokenVaultError) {
    if configuration.acceptsSlots { return }
    if let slot = opened.slots.lost { throw .slotGone(path: path, slot: slot) }
    guard opened.slots.isDataKeyShown else {
      throw .unprovenDataKey(path: path, slot: opened.found.slot?.name ?? "")
    }
  }

  /// Compares what was read with what is remembered, and remembers what is newer.
  func compare(
    _ opened: Opened, _ generation: SeenGeneration, _ known: Known?, _ check: GenerationCheck,
    under lock: WriterLock?
  ) throws(TokenVaultError) {
    let store = opened.image.header.store
    let use = try use(of: opened.found, store)
    let note = try TokenVaultError.wrap(file: use?.read())
    let seen = opened.remembered.highest ?? note?.leastSeen
    if let newest = Self.rollback(generation, seen, known) {
      guard configuration.acceptsRollback else {
        throw .rolledBack(path: path, generation: generation.number, highest: newest)
      }
      if check == .isRemembered { reset(to: generation, of: store, use) }
    }
    warn(of: opened, known)
    // An open vault leaves the rest to the writer: its readers would wait for the disk.
    guard check == .isRemembered, known == nil else { return }
    remember(generation, over: seen, opened)
    try rememberSlots(opened, under: lock)
    use?.keep(generation.number, over: note)
    if opened.remembered.atPath != store { memory.rememberPath(of: store) }
  }

  // MARK: The generation

  /// The newest generation that was seen, if what was read is older, or another version of it.
  private static func rollback(
    _ generation: SeenGeneration, _ seen: SeenGeneration?, _ known: Known?
  ) -> UInt64? {
    // If the memory went back since, a process has accepted the rollback: that counts more than what this one has seen.
    let isAccepted = seen.map { $0.isBefore(known?.highest) } ?? false
    let all = [seen, isAccepted ? nil : known?.generation].compactMap(\.self)
    return all.contains(where: generation.isBefore) ? all.map(\.number).max() : nil
  }

  /// The newest generation of a store that this host has seen, for callers that replace the vault.
  func newestSeen(
    of store: StoreID, _ found: UnlockedKey
  ) throws(TokenVaultError) -> SeenGeneration? {
    let seen = try TokenVaultError.wrap(file: memory.seen(store))
    let use = try use(of: found, store)
    let note = try TokenVaultError.wrap(file: use?.read())
    return seen ?? note?.leastSeen
  }

  /// The highest entry behind a snapshot that this host has seen on the disk: without it, the last one, which no mark
  /// covers yet, could not be told from a write that was not finished.
  func newestEntry(behind header: VaultHeader) throws(TokenVaultError) -> UInt64 {
    header.entry(of: try TokenVaultError.wrap(file: memory.seen(header.store)))
  }

  private func reset(to generation: SeenGeneration, of store: StoreID, _ use: KeyFileUse?) {
    memory.reset(to: generation, of: store)
    if !memory.isRemembering(store) { use?.reset(to: generation.number) }
  }

  private func remember(
    _ generation: SeenGeneration, over seen: SeenGeneration?, _ opened: Opened
  ) {
    if let seen, seen.number > generation.number || seen == generation { return }
    guard isDurable(opened.image.version) else { return }
    memory.remember(generation, of: opened.image.header.store)
  }

  /// Makes what was read survive a power cut: its writer may not have flushed it yet, or have been killed. A generation
  /// that is remembered but not on the disk would look like a rollback.
  private func isDurable(_ version: VaultFile.Version) -> Bool {
    (try? file.synchronize(version)) != nil && (try? file.synchronizeDirectory()) != nil
  }

  // MARK: The slots

  private func warn(of opened: Opened, _ known: Known?) {
    let (slots, header) = (opened.slots, opened.image.header)
    if configuration.acceptsSlots || slots.isEmpty || known?.slots == header.slots { return }
    configuration.onWarning?(
      .otherSlots(path: path, slots: slots.others, missing: slots.missing))
  }

  /// Remembers slots that are proven, or that a person has accepted.
  private func rememberSlots(
    _ opened: Opened, under held: WriterLock?
  ) throws(TokenVaultError) {
    guard let update = try slotUpdate(opened), isNewest(opened.image, held) else { return }
    memory.remember(update, of: opened.image.header.store)
  }

  private func slotUpdate(_ opened: Opened) throws(TokenVaultError) -> SlotMemory? {
    guard configuration.acceptsSlots else { return opened.slots.update }
    let old = opened.remembered.slots
    let accepted = try TokenVaultError.wrap(
      crypto: SlotMemory(accepting: opened.image.header, opened.found, after: old))
    return accepted == old ? nil : accepted
  }

  /// Whether no other writer is about to change, and to remember, the slots: the lock is held, or free. If it cannot be
  /// taken at all, as on a file system that is mounted read-only, there is no writer.
  private func isNewest(_ image: VaultReader, _ held: WriterLock?) -> Bool {
    if held != nil { return true }
    do throws(FileError) {
      let lock = try LockWait.pausing { () throws(FileError) in try file.lock(timeout: .zero) }
      defer { withExtendedLifetime(lock) {} }
      return try file.holdNewest(image.version, by: lock)
    } catch .lockTimeout {
      return false
    } catch {
      return (try? file.isCurrent(image.version)) ?? false
    }
  }

  // MARK: The key file

  /// The note beside the key file that opened the vault.
  private func use(
    of found: UnlockedKey, _ store: StoreID
  ) throws(TokenVaultError) -> KeyFileUse? {
    if let file = found.file { try use(of: file, store) } else { nil }
  }

  /// The note that this vault keeps beside a key file.
  func use(of keyFile: KeyFile, _ store: StoreID) throws(TokenVaultError) -> KeyFileUse {
    try TokenVaultError.wrap(
      at: path, key: KeyError.wrap(file: KeyFileUse(of: store, at: file.location, keyFile)))
  }
}

extension SeenGeneration {
  /// Whether this is older than another, or another version of the same generation.
  fileprivate func isBefore(_ other: SeenGeneration?) -> Bool {
    other.map { number < $0.number || isOtherVersion(than: $0) } ?? false
  }
}

extension VaultConfiguration {
  /// What this host remembers of a vault.
  func memory(of file: VaultFile) -> HostMemory {
    let onWarning = onWarning
    return HostMemory(of: file.location, locations, disk) { path, othersCouldWrite in
      onWarning?(.unsafeMemory(path: path, othersCouldWrite: othersCouldWrite))
    }
  }
}
