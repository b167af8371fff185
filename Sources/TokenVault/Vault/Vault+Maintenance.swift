// Maintenance: check, back up, compact, convert, repair and restore a vault.
extension Vault {
  // MARK: Checking

  /// Reads and opens everything again: the vault, the consistency of its records, and any previous snapshot.
  ///
  /// - Throws: ``TokenVaultError/damaged(path:place:)`` or ``TokenVaultError/damagedLogEntry(path:offset:)`` with the place
  ///   in the vault; ``TokenVaultError/damagedCopy(path:place:)`` for the previous snapshot.
  @available(*, noasync)
  public func check() throws(TokenVaultError) -> VaultStatus {
    try Self.check(try withCurrentState { $0.access })
  }

  /// The same for a vault that is not open.
  package static func check(
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> VaultStatus {
    try check(VaultAccess(try configuration.file(), configuration))
  }

  private static func check(_ access: VaultAccess) throws(TokenVaultError) -> VaultStatus {
    var session = try VaultSession.load(access, reading: .recordsAndIndex)
    let status = VaultStatus(session)
    // The records of vault and snapshot need not be in memory at once.
    session.forgetRecords()
    try access.asCopy { () throws(TokenVaultError) in try session.checkPrevious() }
    return status
  }

  // MARK: Backing up

  /// Copies the vault to a new file, as it is at one moment, and opens all of the copy.
  ///
  /// The copy is sealed as the vault is, and the same keys open it; ``restore(_:from:key:announce:)`` brings it back. Other
  /// writers wait while the bytes are copied. A `cp` of a large vault in use may not open: it can miss a save and have the
  /// next one.
  ///
  /// - Parameter path: A path at which nothing is. The file has mode 0600 and is durable when this returns.
  /// - Throws: ``TokenVaultError/alreadyExists(path:)``; ``TokenVaultError/reservedPath(path:)`` for a name that the vault
  ///   uses for itself; ``TokenVaultError/lockTimeout(path:seconds:holder:)``; and as ``check()`` if the vault is damaged. No
  ///   copy is left then.
  @available(*, noasync)
  @discardableResult
  public func backUp(to path: String) throws(TokenVaultError) -> BackupReport {
    let access = try withCurrentState { $0.access }
    let file = access.file
    try refuseOwnPath(path)
    try TokenVaultError.wrap(
      file: file.copy(to: path, timeout: access.configuration.lockTimeout))
    do {
      return try Self.openBackup(path, of: access)
    } catch {
      try? file.disk.remove(path)
      // The bytes are the vault's.
      switch error {
      case .damaged(_, let place): throw .damaged(path: file.location.path, place: place)
      case .damagedLogEntry(_, let offset):
        throw .damagedLogEntry(path: file.location.path, offset: offset)
      default: throw error
      }
    }
  }

  /// Throws ``TokenVaultError/reservedPath(path:)`` if the vault uses the path for itself: its next writer would remove or
  /// replace what is there.
  package func refuseOwnPath(_ path: String) throws(TokenVaultError) {
    let file = try withCurrentState { $0.access.file }
    if try TokenVaultError.wrap(file: file.uses(path)) { throw .reservedPath(path: path) }
  }

  private static func openBackup(
    _ path: String, of access: VaultAccess
  ) throws(TokenVaultError) -> BackupReport {
    var configuration = access.configuration
    configuration.path = path
    let source = VaultAccess(copy: try configuration.copy(), like: access)
    let copy = try source.openedForRestoring()
    let status = try TokenVaultError.wrap(file: access.file.disk.status(of: path))
    return BackupReport(
      path: copy.path, size: status?.size ?? 0, generation: copy.generation,
      tokens: copy.table.tokens.count)
  }

  // MARK: Compacting and converting

  /// Compacts the vault (a checkpoint): if there is a log, writes a new snapshot with the records of all its entries.
  ///
  /// A save does so itself once the log is larger than the snapshot. The previous snapshot stays as it is. What a killed
  /// compaction has left is removed.
  ///
  /// - Throws: As ``save(_:ifRevision:)``.
  @available(*, noasync)
  @discardableResult
  public func compact() throws(TokenVaultError) -> CompactReport {
    let before = try write(loading: []) { (transaction) throws(TokenVaultError) -> Int64? in
      // What a killed compaction has left, perhaps of a program that runs no more.
      let file = transaction.session.access.file
      _ = try TokenVaultError.wrap(file: file.removeAbandonedCompacted())
      guard transaction.hasLog else { return nil }
      try transaction.commit(previous: .leave, rewriting: true)
      return transaction.sizeBefore
    }
    let (path, size, generation) = try withCurrentState {
      ($0.access.file.location.path, $0.version.status.size, $0.generation)
    }
    return CompactReport(
      path: path, sizeBefore: before ?? size, size: size, generation: generation)
  }

  /// Writes the records in another format from now on.
  ///
  /// - Throws: ``TokenVaultError/unstorable(record:)`` or ``TokenVaultError/tooManyUnknownFields`` if the format cannot
  ///   hold them; and as ``save(_:ifRevision:)``.
  @available(*, noasync)
  public func convert(to format: RecordFormat) throws(TokenVaultError) {
    try write { (transaction) throws(TokenVaultError) in
      if transaction.header.format == format { return }
      try transaction.table.checkStorable(as: format)
      transaction.header.format = format
      try transaction.commit(previous: .keep, rewriting: true)
    }
  }

  // MARK: Repairing

  /// Goes on with what is sound in a damaged vault: whole records of each chunk that opens, each readable log entry.
  ///
  /// The file as it was stays as `<vault>.damaged`, until ``discardDamaged(_:)``. If nothing is wrong, nothing is written.
  ///
  /// - Parameters:
  ///   - configuration: The vault and its key.
  ///   - policy: The limits to go on with if the vault's own are lost.
  /// - Throws: Nothing is changed then.
  ///   - ``TokenVaultError/irreparable(path:place:)`` if nothing of the snapshot opens: ``restore(_:from:key:announce:)``
  ///     may help;
  ///   - ``TokenVaultError/limitsLost(path:previous:)`` if the limits are lost, and `policy` is nil;
  ///   - ``TokenVaultError/unprovenDamage(path:)`` if the vault has another data-encryption key than this host has seen,
  ///     or lacks its slot, unless the configuration accepts the slots: a forgery need only be damaged to come here.
  @available(*, noasync)
  @discardableResult
  public static func repair(
    _ configuration: VaultConfiguration, policy: RetentionPolicy? = nil
  ) throws(TokenVaultError) -> RepairReport {
    let access = VaultAccess(try configuration.file(), configuration)
    do {
      // Without the lock, since it may ask a person.
      try access.findKey(mayBeDamaged: true)
      return try access.withWriterLock { (lock) throws(TokenVaultError) in
        try access.open(under: lock, mayBeDamaged: true, generation: .isSuperseded) {
          (opened) throws(TokenVaultError) in
          let repair = Repair(access: access, opened: opened, lock: lock, policy: policy)
          let report = try repair.run()
          return (report, SeenGeneration(report.generation, tag: nil))
        }
      }
    } catch .damaged(let path, let place) {
      throw .irreparable(path: path, place: place)
    } catch .slotGone(let path, _), .unprovenDataKey(let path, _) {
      throw .unprovenDamage(path: path)
    }
  }

  /// Removes the damaged files that repairs and restores have set aside, once the vault is sound.
  ///
  /// - Returns: The paths that were removed.
  /// - Throws: What opening the vault throws; nothing is removed then.
  @available(*, noasync)
  @discardableResult
  public static func discardDamaged(
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> [String] {
    let access = VaultAccess(try configuration.file(), configuration)
    try access.findKey()
    return try access.withWriterLock { (lock) throws(TokenVaultError) in
      try access.open(under: lock) { (opened) throws(TokenVaultError) in
        let (_, log) = try opened.image.table(with: opened.found.dataKey, seen: opened.seen())
        return (
          try TokenVaultError.wrap(file: access.file.discardDamaged()),
          opened.image.header.generation(at: log)
        )
      }
    }
  }

  // MARK: Restoring

  /// Restores the records of the previous snapshot, or of another copy of the vault, after opening it.
  ///
  /// If the header of the vault is sound, its keys and slots stay: a removed key does not come back with an old copy. If
  /// not, or if there is no vault, the copy replaces it as a whole. Either way the generation is above every one that was
  /// seen, so that open vaults go on with it. What was there stays, as the previous snapshot or, damaged, as
  /// `<vault>.damaged`.
  ///
  /// - Parameters:
  ///   - configuration: The vault and its key.
  ///   - path: The copy; nil for the previous snapshot.
  ///   - key: What opens the copy if it is not the vault's key, as for a copy from before a rotation.
  ///   - announce: Gets what will be done before it is done.
  /// - Throws: Nothing is changed then.
  ///   - `olderCopy` if the copy is more than one generation behind what was seen, or lacks what ``repair(_:policy:)``
  ///     saves, unless the configuration accepts a rollback;
  ///   - ``TokenVaultError/noCopy(path:)``, ``TokenVaultError/damagedCopy(path:place:)``, and what else opening it throws;
  ///   - ``TokenVaultError/otherCopy(path:vault:seen:found:)`` if it is a copy of another vault.
  @available(*, noasync)
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
    // Without the lock, since it may ask a person.
    try source.asCopy { () throws(TokenVaultError) in _ = try source.findKey() }
    return try access.withWriterLock { (lock) throws(TokenVaultError) in
      let opened = try source.asCopy { () throws(TokenVaultError) in
        try source.openedForRestoring()
      }
      return try Restoration(
        source: opened, current: access.currentForRestoring(under: lock), access: access,
        lock: lock, isKeyNamed: key != nil, announce: announce
      ).run()
    }
  }
}
