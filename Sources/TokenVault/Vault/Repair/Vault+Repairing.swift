internal import VaultCrypto

extension Vault {
  /// Goes on with what is sound in a damaged vault: the whole records of every part of the snapshot that can still be
  /// opened, and every save behind it that can still be read.
  ///
  /// The file as it was stays as `<vault>.damaged`, until `discardDamaged(_:)`. Where nothing is wrong, nothing is done.
  /// Throws `irreparable` where nothing of the snapshot can be opened: then `restore` may help. Where the vault's limits
  /// are lost, `policy` has those to go on with; without them, this throws `limitsLost`. If the vault has another data key
  /// than this host has seen, or lacks its slot, this throws `unprovenDamage`, unless the configuration accepts the slots:
  /// a forgery need only be damaged to come here. Nothing is changed then.
  @discardableResult
  public static func repair(
    _ configuration: VaultConfiguration, policy: RetentionPolicy? = nil
  ) throws(TokenVaultError) -> RepairReport {
    let access = VaultAccess(try configuration.file(), configuration)
    do {
      // What is asked is asked before the lock is taken.
      try access.findKey(mayBeDamaged: true)
      return try access.holdingLock(configuration) { (lock) throws(TokenVaultError) in
        try access.open(under: lock, mayBeDamaged: true, generation: .isSuperseded) {
          (opened) throws(TokenVaultError) in
          let report = try Repair(access: access, opened: opened, lock: lock, policy: policy).run()
          if configuration.acceptsSlots {
            access.rememberSlots(accepting: opened.image.header, opened.found)?.complete()
          }
          return (report, SeenGeneration(report.generation, tag: nil))
        }
      }
    } catch .damaged(let path, let place) {
      throw .irreparable(path: path, place: place)
    } catch .slotGone(let path, _) {
      throw .unprovenDamage(path: path)
    } catch .unprovenDataKey(let path, _) {
      throw .unprovenDamage(path: path)
    }
  }

  /// Removes what repairs and restores have set aside of a damaged vault, once the vault is sound; returns the paths.
  ///
  /// Throws what opening the vault throws, and nothing is removed then.
  @discardableResult
  public static func discardDamaged(
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> [String] {
    let access = VaultAccess(try configuration.file(), configuration)
    try access.findKey()
    return try access.holdingLock(configuration) { (lock) throws(TokenVaultError) in
      try access.open(under: lock) { (opened) throws(TokenVaultError) in
        let (_, generation) = try opened.image.table(with: opened.found.dataKey)
        do throws(FileError) { return (try access.file.discardDamaged(), generation) } catch {
          throw TokenVaultError(error)
        }
      }
    }
  }
}

extension VaultAccess {
  /// Does a piece of work with the right to write.
  fileprivate func holdingLock<Result>(
    _ configuration: VaultConfiguration, _ work: (WriterLock) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let lock: WriterLock
    do { lock = try file.lock(timeout: configuration.lockTimeout) } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    return try work(lock)
  }
}

/// One repair, under the lock.
private struct Repair {
  let access: VaultAccess
  let opened: VaultAccess.Opened
  let lock: WriterLock
  let policy: RetentionPolicy?

  private var header: VaultHeader { opened.image.header }
  private var path: String { access.file.location.path }

  func run() throws(TokenVaultError) -> RepairReport {
    let salvage = try VaultSalvage(opened.image, opened.found.dataKey)
    let commits = salvage.commits
    let last = header.generation + UInt64(commits.sound)
    guard salvage.isDamaged || commits.unfinished > 0 else {
      return report(salvage, lost: 0, copy: nil, last)
    }
    let highest = try access.newestSeen(of: header.store, opened.found)?.number ?? 0
    let newest = max(highest, salvage.generation, last)
    // What cannot be read at all was one save at least.
    let lost = max(newest - last, commits.isDamaged ? 1 : 0)
    let table = salvage.settledTable(try limits(salvage), isWhole: lost == 0)
    let (generation, copy) = try replace(table, above: max(newest, last + lost))
    access.memory.remember(generation, of: header.store)
    return report(salvage, lost: Int(lost), copy: copy, generation.number)
  }

  /// The limits to go on with.
  private func limits(_ salvage: VaultSalvage) throws(TokenVaultError) -> RetentionPolicy {
    if let limits = salvage.policy ?? policy { return limits }
    throw .limitsLost(path: path, previous: access.previousPolicy(of: header.store))
  }

  private func replace(
    _ table: TokenTable, above highest: UInt64
  ) throws(TokenVaultError) -> (generation: SeenGeneration, copy: String) {
    var (header, table) = (header, table)
    try header.countGeneration(above: highest)
    let all = table.tokens.map { SaveOutcome(change: .updated, token: $0) }
    try table.checkStorable(all, as: header.format)
    let new = try SnapshotWriter.write(
      table, header, opened.found.dataKey, to: access.file, under: lock)
    do throws(FileError) {
      let copy = try access.file.setAside()
      _ = try access.file.replace(with: new.file, previous: .leave)
      return (SeenGeneration(header.generation, tag: new.tail.chain.lastSalt), copy)
    } catch {
      access.file.discardNew(new.file)
      throw TokenVaultError(error)
    }
  }

  private func report(
    _ salvage: VaultSalvage, lost: Int, copy: String?, _ generation: UInt64
  ) -> RepairReport {
    let loss = salvage.snapshotLoss
    return RepairReport(
      path: path, copy: copy, soundSaves: salvage.commits.sound, lostSaves: lost,
      unfinishedBytes: salvage.commits.unfinished, tokens: salvage.table.tokens.count,
      generation: generation, isSnapshotDamaged: loss.isDamaged,
      tokensFromSnapshot: salvage.origins.snapshot, snapshotChunks: loss.chunks,
      lostChunks: loss.lostChunks, lostBytes: loss.lostBytes,
      areLimitsLost: salvage.policy == nil, areNamesLost: loss.areNamesLost)
  }
}

extension VaultAccess {
  /// The limits that the previous snapshot has, where that is there, and opens.
  fileprivate func previousPolicy(of store: StoreID) -> RetentionPolicy? {
    guard let file = try? configuration.previous(of: file),
      let image = try? VaultReader(file), image.header.store == store,
      let found = try? VaultAccess(copy: file, like: self).findKey().1
    else { return nil }
    return (try? image.table(with: found.dataKey))?.table.policy
  }
}
