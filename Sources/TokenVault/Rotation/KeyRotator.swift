internal import VaultCrypto

/// Rotates the keys of one vault. The article KeyRotation has the steps, and what a kill after each leaves.
struct KeyRotator {
  let access: VaultAccess
  let configuration: VaultConfiguration
  let rotation: RotationOptions

  /// What was done, and the key that opens the vault now.
  typealias Outcome = (report: RotationReport, found: UnlockedKey)

  /// The vault under the lock.
  struct Base {
    let header: VaultHeader
    let found: UnlockedKey
    let image: VaultReader
    /// The newest records of its log.
    let log: TokenTable
    /// A number that no generation of it is above, also one whose write was not finished.
    let generation: UInt64
    /// How its slots differ from those that this host has accepted.
    let slots: SlotComparison

    /// The slot of the key that opened it, as it is now.
    var slot: KeySlot? { found.key.flatMap { header.slot(openedBy: $0.id) } }
    /// The records, which are sealed again without being decoded. The log is compacted: what was overwritten or deleted
    /// is not in the new file, whose key may be renewed because an attacker has seen the old one.
    var records: SnapshotMerge { SnapshotMerge(of: image, with: found.dataKey, log: log) }
  }

  /// Rotates, or with a dry run reports what a rotation would change.
  func run(_ known: VaultAccess.Known?) throws(TokenVaultError) -> Outcome {
    let (header, found) = try access.findKey(known)
    let newKey = try NewKey(rotation, for: found, header, configuration, access)
    if rotation.isDryRun { return try dryRun(try open(known, found.slot, nil), newKey) }
    let outcome = try access.withWriterLock { (lock) throws(TokenVaultError) in
      try rotate(try open(known, found.slot, lock), newKey, lock)
    }
    let report = outcome.report
    configuration.onEvent?(.rotated(path: report.path, generation: report.generation))
    return outcome
  }

  private func dryRun(_ base: Base, _ newKey: NewKey) throws(TokenVaultError) -> Outcome {
    var records = base.records
    // Verifies and counts the records.
    return (report(of: base, newKey, tokens: try records.count()), base.found)
  }

  /// Opens the vault, and refuses what cannot be rotated. `slot` is the one that the new key was asked for.
  private func open(
    _ known: VaultAccess.Known?, _ slot: KeySlot?, _ lock: WriterLock?
  ) throws(TokenVaultError) -> Base {
    let base = try access.open(known, under: lock, generation: .isCompared) {
      (opened) throws(TokenVaultError) in
      // The last rotation was killed after its replace: the staged key is the vault's.
      if opened.found.isStaged, lock != nil {
        try promote(opened.found.file, opened.image.header.store)
        configuration.onEvent?(.completedRotation(path: access.file.location.path))
      }
      let (image, found) = (opened.image, opened.found)
      // Authenticates the header, and the key of the log.
      var logged = LoggedRecords(behind: try image.contents(with: found.dataKey))
      let log = try image.log(with: found.dataKey, seen: opened.seen(known)) {
        (text) throws(SnapshotFault) in
        try logged.apply(LogEntry.decode(text, as: image.header.format))
      }
      let generation = image.header.generation(at: log)
      // The tag may differ because the salt is damaged, and not because it is another version.
      if opened.remembered.highest?.isOtherVersion(than: generation) == true {
        try image.verify(with: found.dataKey)
      }
      let base = Base(
        header: image.header, found: found, image: image, log: logged.table,
        generation: image.header.generation + log.highestNumber, slots: opened.slots)
      return (base, generation)
    }
    if !base.slots.isEmpty, rotation.otherSlots == .refuse {
      throw .otherSlots(
        path: access.file.location.path, slots: base.slots.others, missing: base.slots.missing)
    }
    try access.refuseToRemoveWhileDamaged()
    guard base.slot?.name == slot?.name, (base.slot == nil) == (base.found.key == nil) else {
      throw .keyChanged(path: access.file.location.path)  // Since a person was asked.
    }
    return base
  }

  private func rotate(
    _ base: Base, _ newKey: NewKey, _ lock: WriterLock
  ) throws(TokenVaultError) -> Outcome {
    let dataKey: DataKey = try TokenVaultError.wrap(crypto: .random())
    let key = try TokenVaultError.wrap(
      writing: configuration.path, key: makeKey(base, newKey))
    do throws(TokenVaultError) {
      let header = try renewed(base, dataKey, key)
      let found = UnlockedKey(
        dataKey: dataKey, slot: base.slot.flatMap { header.slot(named: $0.name) },
        key: key, source: base.found.source, file: newKey.file ?? base.found.file,
        isStaged: false)
      let rewrite = try Rewrite(
        access, under: lock, header, above: base.generation, target: .replaced(previous: .remove),
        slots: .accepted(found))
      let count = try write(base, rewrite, found, newKey)
      try finish(base, rewrite.header, found, newKey)
      return (report(of: base, newKey, rewrite.header, found, tokens: count), found)
    } catch {
      // If the vault is the new one, the staged key is its only key.
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

  /// Seals and verifies the new vault, and replaces the old one; returns the number of records.
  private func write(
    _ base: Base, _ rewrite: Rewrite, _ found: UnlockedKey, _ newKey: NewKey
  ) throws(TokenVaultError) -> Int {
    rotation.onStep?(.sealing(bytes: Int(base.image.version.status.size)))
    return try rewrite.run { (file) throws(TokenVaultError) in
      let count = try SnapshotWriter.write(
        base.records, rewrite.header, found.dataKey, to: access.file, file
      ).tokens
      rotation.onStep?(.verifying)
      let generation = try verify(rewrite.header, found, newKey)
      rotation.onStep?(.replacing)
      return (count, generation)
    }.content
  }

  /// Opens the new vault as the next process will: both the vault and a key in a file are read from the disk.
  private func verify(
    _ header: VaultHeader, _ found: UnlockedKey, _ newKey: NewKey
  ) throws(TokenVaultError) -> SeenGeneration {
    let new = access.file.new
    let image = try VaultReader(new)
    var key = found.key
    if let file = newKey.file {
      key = try TokenVaultError.wrap(
        at: configuration.path, key: file.readStaged(for: header.store))
    }
    guard image.header == header else {
      throw TokenVaultError(FileError.notWritten(path: new.location.path))
    }
    var dataKey = found.dataKey
    if let key {
      dataKey = try TokenVaultError.wrap(
        at: new.location.path, format: VaultContainer.dataKey(of: image.header, with: key).dataKey)
    }
    try image.verify(with: dataKey)
    return try image.snapshotGeneration(with: dataKey)
  }

  /// Moves the staged key to its place, over the old one.
  private func finish(
    _ base: Base, _ header: VaultHeader, _ found: UnlockedKey, _ newKey: NewKey
  ) throws(TokenVaultError) {
    let store = base.header.store
    if let file = found.file {
      let use = try access.use(of: file, store)
      use.keep(header.generation, over: (try? use.read()) ?? nil)
    }
    // The old data-encryption key opens only old copies.
    _ = try? KernelKeyring.forget(store)
    if case .file(let file, let replaced) = newKey {
      try promote(file, store)
      if let replaced { try access.use(of: replaced, store).forget() }
    }
  }

  private func promote(_ file: KeyFile?, _ store: StoreID) throws(TokenVaultError) {
    _ = try TokenVaultError.wrap(writing: configuration.path, key: file?.promote(for: store))
  }
}
