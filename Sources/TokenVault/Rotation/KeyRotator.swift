internal import VaultCrypto

/// Rotates the keys of one vault; `KeyRotation` tells its steps, and what a kill after each leaves.
struct KeyRotator {
  let access: VaultAccess
  let configuration: VaultConfiguration
  let rotation: RotationOptions

  /// What a rotation leaves behind.
  struct Outcome {
    let report: RotationReport
    /// The key that opens the vault now.
    let found: UnlockedKey
  }

  /// The vault as it is found under the lock.
  struct Base {
    let header: VaultHeader
    let found: UnlockedKey
    let image: VaultReader
    /// The records, where the vault has commits, which a rotation folds into the snapshot; else they are sealed again
    /// without being read.
    let table: TokenTable?
    /// With the commits.
    let generation: UInt64
    /// How its slots differ from what this host has accepted.
    let slots: SlotComparison

    /// The slot of the key that opened it, as it is now.
    var slot: KeySlot? { found.key.flatMap { header.slot(openedBy: $0.id) } }
  }

  /// Rotates, or with a dry run tells what would be.
  func run(_ known: VaultAccess.Known?) throws(TokenVaultError) -> Outcome {
    let (header, found) = try access.findKey(known)
    let newKey = try NewKey(rotation, for: found, header, configuration, access)
    let lock: WriterLock?
    do {
      lock =
        rotation.isDryRun ? nil : try access.file.lock(timeout: configuration.lockTimeout)
    } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    let base = try open(known, lock)
    try refuseOtherSlots(base)
    try access.refuseToRemoveWhileDamaged()
    guard base.slot?.name == found.slot?.name, (base.slot == nil) == (base.found.key == nil) else {
      throw .keyChanged(path: access.file.location.path)  // Since a person was asked.
    }
    if let lock { return try rotate(base, newKey, lock) }
    // To nowhere: so it is seen that all of it opens, and counted.
    let count = if let table = base.table { table.tokens.count } else { try countSealed(base) }
    return Outcome(report: report(of: base, newKey, tokens: count), found: base.found)
  }

  private func countSealed(_ base: Base) throws(TokenVaultError) -> Int {
    try base.image.reseal(from: base.found.dataKey, to: base.header, base.found.dataKey) {
      (_) throws(FileError) in
    }
  }

  private func open(
    _ known: VaultAccess.Known?, _ lock: WriterLock?
  ) throws(TokenVaultError) -> Base {
    // Without commits, the records are opened later, and only then is it certain that the header is what was written.
    try access.open(known, under: lock, generation: .isCompared) {
      (opened) throws(TokenVaultError) in
      // The last one was killed, and cannot be brought to its end: the staged key is the vault's.
      if opened.found.isStaged, lock != nil {
        try promote(opened.found.file, opened.image.header.store)
      }
      let (image, found) = (opened.image, opened.found)
      let read = image.hasTail ? try image.table(with: found.dataKey) : nil
      let generation = if let read { read.generation } else { try image.snapshotGeneration }
      // A damaged salt is no other version.
      if opened.remembered.highest?.isOtherVersion(than: generation) == true {
        try image.verify(with: found.dataKey)
      }
      let base = Base(
        header: image.header, found: found, image: image, table: read?.table,
        generation: generation.number, slots: opened.slots)
      return (base, generation)
    }
  }

  private func rotate(
    _ base: Base, _ newKey: NewKey, _ lock: WriterLock
  ) throws(TokenVaultError) -> Outcome {
    let dataKey: DataKey
    do { dataKey = try .random() } catch { throw TokenVaultError(error) }
    let planned = try planned(base, newKey)
    let key = try makeKey(base, planned, newKey)
    do throws(TokenVaultError) {
      let header = try renewed(base, planned, dataKey, key)
      let found = UnlockedKey(
        dataKey: dataKey, slot: base.slot.flatMap { header.slot(named: $0.name) },
        key: key, source: base.found.source, file: newKey.file ?? base.found.file,
        isStaged: false)
      let (count, generation) = try write(base, header, found, newKey, lock)
      try finish(base, generation, found, newKey)
      return Outcome(
        report: report(of: base, newKey, header, found, tokens: count), found: found)
    } catch {
      // As far as nothing depends on the staged key: else it is the vault's.
      if let file = newKey.file, isUnwritten(dataKey.id) {
        try? file.removeStaged(for: base.header.store)
      }
      throw error
    }
  }

  /// Whether the vault is certainly the old one, so that nothing depends on the staged key.
  private func isUnwritten(_ dataKey: DataKeyID) -> Bool {
    (try? VaultReader(access.file)).map { $0.header.dataKeyID != dataKey } ?? false
  }

  /// Makes the slot's key; one for a file is durable beside it when this returns.
  private func makeKey(
    _ base: Base, _ planned: VaultHeader, _ newKey: NewKey
  ) throws(TokenVaultError) -> SlotKey? {
    do throws(KeyError) {
      switch newKey {
      case .kept: return base.found.key
      case .file(let file, _):
        // What another rotation staged there, by another slot's key, may be that slot's only one.
        if let staged = try file.readStaged(for: base.header.store),
          staged.id != base.found.key?.id, base.header.slot(openedBy: staged.id) != nil
        {
          throw KeyError.file(.alreadyThere(path: file.path))
        }
        return try file.stage(for: base.header.store)
      case .passphrase(let text): return try key(of: .passphrase(text), planned)
      case .recoveryCode(let code): return try key(of: .recoveryCode(code.text), base.header)
      }
    } catch {
      throw TokenVaultError(writing: error, configuration.path)
    }
  }

  private func renewed(
    _ base: Base, _ planned: VaultHeader, _ dataKey: DataKey, _ key: SlotKey?
  ) throws(TokenVaultError) -> VaultHeader {
    var header = planned
    try header.countGeneration(above: base.generation)
    if rotation.otherSlots == .drop { try drop(base.slots.others, from: &header, base) }
    let now = configuration.now()
    if rotation.acceptsClock { header.acceptClock(now) }
    do {
      try header.renew(
        from: base.found.dataKey, to: dataKey, slot: base.slot?.name, key: key, now: now)
    } catch {
      throw TokenVaultError(error)
    }
    return header
  }

  /// Seals, verifies and puts the new vault in the old one's place, and the old backups away; returns the number of
  /// records, and the vault's generation.
  private func write(
    _ base: Base, _ header: VaultHeader, _ found: UnlockedKey, _ newKey: NewKey, _ lock: WriterLock
  ) throws(TokenVaultError) -> (Int, SeenGeneration) {
    let vault = access.file
    rotation.onStep?(.sealing(bytes: Int(base.image.version.status.size)))
    let new: OpenFile
    do { new = try vault.beginNew(under: lock) } catch { throw TokenVaultError(error) }
    do throws(TokenVaultError) {
      let count = try seal(base, header, found, into: new)
      rotation.onStep?(.verifying)
      let generation = try verify(header, found, newKey)
      rotation.onStep?(.replacing)
      let slots = access.rememberSlots(accepting: header, found)
      do throws(FileError) { _ = try vault.replace(with: new, previous: .remove) } catch {
        slots?.withdraw(unless: header, in: vault)
        throw TokenVaultError(error)
      }
      slots?.complete()
      return (count, generation)
    } catch {
      vault.discardNew(new)
      throw error
    }
  }

  private func seal(
    _ base: Base, _ header: VaultHeader, _ found: UnlockedKey, into new: OpenFile
  ) throws(TokenVaultError) -> Int {
    let vault = access.file
    if let table = base.table {
      _ = try SnapshotWriter.write(table, header, found.dataKey, to: vault, new)
      return table.tokens.count
    }
    let count = try base.image.reseal(from: base.found.dataKey, to: header, found.dataKey) {
      (piece) throws(FileError) in try vault.append(piece, to: new)
    }
    do { try vault.synchronize(new) } catch { throw TokenVaultError(error) }
    return count
  }

  /// Opens the new vault as the next process will, with both as they are on the disk: the vault, and the key
  /// where that is in a file.
  private func verify(
    _ header: VaultHeader, _ found: UnlockedKey, _ newKey: NewKey
  ) throws(TokenVaultError) -> SeenGeneration {
    let new = access.file.new
    let image = try VaultReader(new)
    var key = found.key
    do { if let file = newKey.file { key = try file.readStaged(for: header.store) } } catch {
      throw TokenVaultError(error, path: configuration.path)
    }
    guard image.header == header else {
      throw TokenVaultError(FileError.notWritten(path: new.location.path))
    }
    var dataKey = found.dataKey
    do throws(FormatError) {
      if let key { dataKey = try VaultContainer.dataKey(of: image.header, with: key).dataKey }
    } catch {
      throw TokenVaultError(error, path: new.location.path)
    }
    try image.verify(with: dataKey)
    return try image.snapshotGeneration
  }

  /// Gives the new key its place, and the old one none.
  private func finish(
    _ base: Base, _ generation: SeenGeneration, _ found: UnlockedKey, _ newKey: NewKey
  ) throws(TokenVaultError) {
    let store = base.header.store
    access.memory.remember(generation, of: store)
    if let file = found.file {
      let use = try access.use(of: file, store)
      use.keep(generation.number, over: (try? use.read()) ?? nil)
    }
    // What it keeps opens nothing any more but old copies.
    _ = try? KernelKeyring.forget(store)
    if case .file(let file, let replaced) = newKey {
      try promote(file, store)
      if let replaced { try access.use(of: replaced, store).forget() }
    }
  }

  private func promote(_ file: KeyFile?, _ store: StoreID) throws(TokenVaultError) {
    do { try file?.promote(for: store) } catch {
      throw TokenVaultError(writing: error, configuration.path)
    }
  }
}
