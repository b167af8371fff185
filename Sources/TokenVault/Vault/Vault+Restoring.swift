internal import VaultCrypto

extension Vault {
  /// Brings the records of the snapshot before, or of another copy of the vault, back; after opening it.
  ///
  /// Where the header of the vault that is there is sound, its keys and slots stay as they are: a key that was removed
  /// does not come back with an old copy. Where it is damaged beyond that, or missing, the copy takes its place as a
  /// whole. Either way it is a new generation above every one that was seen, so open stores go on with it; what was
  /// there is kept, as the previous snapshot or, damaged, as `<vault>.damaged`.
  ///
  /// A copy from before a rotation opens with the key of then, which is `key`. `announce` gets what will be done before
  /// it is done.
  ///
  /// Throws `olderCopy` where the copy is more than one generation behind what was seen, or lacks what `repair` saves,
  /// unless the configuration accepts a rollback; what opening the copy throws, with `damagedCopy` for `damaged`, also
  /// where it is a copy of another vault. Nothing is changed then.
  @discardableResult
  public static func restore(
    _ configuration: VaultConfiguration, from path: String? = nil, key: KeySource? = nil,
    announce: ((RestoreReport) -> Void)? = nil
  ) throws(TokenVaultError) -> RestoreReport {
    let file = try configuration.file()
    let access = VaultAccess(file, configuration)
    var copy = configuration
    copy.path = path ?? file.location.previous
    let place = path == nil ? try configuration.previous(of: file) : try copy.copy()
    copy.key = key ?? copy.key
    let source =
      key == nil ? VaultAccess(copy: place, like: access) : VaultAccess(place, copy, isCopy: true)
    // What is asked is asked before the lock is taken.
    try source.asCopy { () throws(TokenVaultError) in _ = try source.findKey() }
    let lock: WriterLock
    do { lock = try file.lock(timeout: configuration.lockTimeout) } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    let opened = try source.asCopy { () throws(TokenVaultError) in
      try source.openedForRestoring()
    }
    return try Restoration(
      source: opened, current: access.currentForRestoring(under: lock), access: access,
      lock: lock, acceptsRollback: configuration.acceptsRollback, isKeyNamed: key != nil,
      announce: announce
    ).run()
  }
}

/// A vault as a restore finds it.
private struct RestorableVault {
  let header: VaultHeader
  /// What it was written as; with the commits that it may have had, at most `generationLimit`.
  let seen: SeenGeneration
  let generationLimit: UInt64
  var generation: UInt64 { seen.number }
  let found: UnlockedKey
  let table: TokenTable
  /// The limits; nil where they are lost.
  let policy: RetentionPolicy?
  let path: String
  let madeAt: Timestamp?
}

/// What is in a vault's place when another's records are brought back.
private enum CurrentVault {
  case none, damaged
  case salvaged(RestorableVault)
  case open(RestorableVault)

  /// What can be read of it.
  var vault: RestorableVault? {
    switch self {
    case .none, .damaged: nil
    case .salvaged(let vault), .open(let vault): vault
    }
  }
}

extension VaultAccess {
  /// Does a piece of work with what is a copy of a vault, and no vault.
  fileprivate func asCopy<Result>(
    _ work: () throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    do { return try work() } catch .noVault(let path, _) {
      throw .noCopy(path: path)
    } catch .damaged(let path, let place) {
      throw .damagedCopy(path: path, place: place)
    } catch .damagedLogEntry(let path, let offset) {
      throw .damagedCopy(path: path, place: "the save at byte \(offset) was changed")
    }
  }

  fileprivate func openedForRestoring(
    under lock: WriterLock? = nil
  ) throws(TokenVaultError) -> RestorableVault {
    // The keys of the vault that is there stay: what is no copy must have shown them.
    let check = lock == nil ? GenerationCheck.isIgnored : .isSuperseded
    return try open(under: lock, generation: check) { (opened) throws(TokenVaultError) in
      let (table, generation) = try opened.image.table(with: opened.found.dataKey)
      let vault = RestorableVault(
        opened, table, table.policy, seen: generation, generationLimit: generation.number)
      return (vault, generation)
    }
  }

  fileprivate func currentForRestoring(
    under lock: WriterLock
  ) throws(TokenVaultError) -> CurrentVault {
    // What cannot be opened is held, too: another writer may put a sound vault in its place.
    do { try file.holdWhatIsThere(by: lock) } catch { throw TokenVaultError(error) }
    do {
      return .open(try openedForRestoring(under: lock))
    } catch .noVault {
      return .none
    } catch .damaged, .damagedLogEntry {
      do { return .salvaged(try salvagedForRestoring(under: lock)) } catch .damaged, .irreparable,
        .keyUnavailable
      {
        return .damaged
      }
    }
  }

  /// What is sound of a damaged vault: its header is, and no commit that it may have had is newer than the limit.
  private func salvagedForRestoring(
    under lock: WriterLock
  ) throws(TokenVaultError) -> RestorableVault {
    try open(under: lock, mayBeDamaged: true, generation: .isSuperseded) {
      (opened) throws(TokenVaultError) in
      let salvage = try VaultSalvage(opened.image, opened.found.dataKey)
      let size = UInt64(opened.image.version.status.size)
      let vault = RestorableVault(
        opened, salvage.settledTable(RetentionPolicy(), isWhole: false), salvage.policy,
        seen: SeenGeneration(salvage.generation, tag: nil),
        generationLimit: salvage.generation + size / UInt64(LogFrame.size))
      return (vault, vault.seen)
    }
  }
}

extension RestorableVault {
  fileprivate init(
    _ opened: VaultAccess.Opened, _ table: TokenTable, _ policy: RetentionPolicy?,
    seen: SeenGeneration, generationLimit: UInt64
  ) {
    (header, found) = (opened.image.header, opened.found)
    (self.table, self.policy) = (table, policy)
    (self.seen, self.generationLimit) = (seen, generationLimit)
    path = opened.image.path
    madeAt = Timestamp(
      millisecondsSince1970: opened.image.version.status.modified / 1_000_000)
  }
}

private struct Restoration {
  let source: RestorableVault
  let current: CurrentVault
  let access: VaultAccess
  let lock: WriterLock
  let acceptsRollback: Bool
  /// Whether a person has named the key of the copy.
  let isKeyNamed: Bool
  let announce: ((RestoreReport) -> Void)?

  func run() throws(TokenVaultError) -> RestoreReport {
    var (header, found, table) = (source.header, source.found, source.table)
    try access.refuseOtherCopy(source.header, source.path, current: current.vault?.header.store)
    if !isKeyNamed, !acceptsRollback {
      try access.refuseUnprovenCopy(source.header, source.found, source.path)
    }
    if let vault = current.vault, vault.header.store == header.store {
      (header, found) = (vault.header, vault.found)
      table = table.restored(over: vault.table, vault.policy ?? source.table.policy)
    }
    let seen = try access.newestSeen(of: header.store, found)
    try header.countGeneration(
      above: max(seen?.number ?? 0, source.generation, current.vault?.generationLimit ?? 0))
    var report = report(header, tokens: table.tokens.count, seen?.number)
    try refuseIfOlder(report, seen)
    announce?(report)
    let all = table.tokens.map { SaveOutcome(change: .updated, token: $0) }
    try table.checkStorable(all, as: header.format)
    let new = try SnapshotWriter.write(table, header, found.dataKey, to: access.file, under: lock)
    report.replaced = try replace(with: new.file)
    let written = SeenGeneration(header.generation, tag: new.tail.chain.lastSalt)
    access.memory.remember(written, of: header.store)
    access.memory.rememberPath(of: header.store)
    // Of a copy that has taken the vault's place as a whole, a person has accepted the keys too.
    if current.vault?.header.store != header.store, isKeyNamed || acceptsRollback {
      access.rememberSlots(accepting: header, found)?.complete()
    }
    return report
  }

  private func report(_ header: VaultHeader, tokens: Int, _ seen: UInt64?) -> RestoreReport {
    let newest = [seen, current.vault?.generation].compactMap(\.self).max()
    return RestoreReport(
      path: access.file.location.path, source: source.path,
      sourceGeneration: source.generation, generation: header.generation, tokens: tokens,
      madeAt: source.madeAt,
      seenGeneration: seen, behindGenerations: newest.map { $0 - min($0, source.generation) },
      behindTokens: current.vault?.table.tokensMissing(from: source.table))
  }

  private func refuseIfOlder(
    _ report: RestoreReport, _ seen: SeenGeneration?
  ) throws(TokenVaultError) {
    if let seen, seen.isOtherVersion(than: source.seen), !acceptsRollback {
      throw .rolledBack(
        path: source.path, generation: source.generation, highest: seen.number)
    }
    var isRepairable = false
    if case .salvaged = current { isRepairable = report.behindTokens ?? 0 > 0 }
    guard !acceptsRollback, isRepairable || report.behindGenerations ?? 0 > 1 else { return }
    throw .olderCopy(
      path: report.source, vault: report.path, madeAt: report.madeAt,
      generation: report.sourceGeneration, behindGenerations: report.behindGenerations,
      behindTokens: report.behindTokens, isRepairable: isRepairable)
  }

  /// Returns the path of what was there.
  private func replace(with new: OpenFile) throws(TokenVaultError) -> String? {
    let file = access.file
    do throws(FileError) {
      switch current {
      case .none:
        // Not over a vault that another process has made meanwhile.
        _ = try file.create(new)
        return nil
      case .damaged, .salvaged:
        let replaced = try file.setAside()
        _ = try file.replace(with: new, previous: .leave)
        return replaced
      case .open:
        _ = try file.replace(with: new, previous: .keep)
        return file.location.previous
      }
    } catch {
      file.discardNew(new)
      throw TokenVaultError(error)
    }
  }
}
