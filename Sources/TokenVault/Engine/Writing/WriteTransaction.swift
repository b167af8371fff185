internal import VaultCrypto

/// A write transaction: the newest state of a vault under its lock, to change and commit.
///
/// The transaction works on a copy of the table, so that readers keep the old state until the commit is in the file,
/// and a rollback is to drop the copy. Records and indexes are copy-on-write blocks: a save copies the blocks that it
/// changes, some microseconds however many records there are, against some 150 for the write and the flush.
struct WriteTransaction: ~Copyable {
  /// The newest state; after the commit, the one with it.
  private(set) var session: VaultSession
  private let lock: WriterLock
  /// The pending uses when the transaction began.
  private let usesBefore: PendingUses
  var header: VaultHeader
  /// All records, or those that were loaded.
  var table: TokenTable
  private(set) var isCommitted = false
  /// The log entry to flush, after the lock was released.
  private(set) var appended: AppendedEntry?

  var dataKey: DataKey { session.found.dataKey }
  /// Whether the table has uses of records that are not on the disk.
  var hasPendingUses: Bool { !session.uses.isEmpty }
  /// The uses that other processes were found to have written.
  var droppedUses: PendingUses {
    var dropped = usesBefore
    dropped.remove(session.uses)
    return dropped
  }
  /// Whether it is time for a thread to compact the vault, after a commit to its log. Only with all records decoded: a
  /// process that saves once does not come so far, and would end before the thread.
  var isCompactionDue: Bool { appended != nil && !isPartial && session.log.isDueBeside }
  /// Whether the commit has replaced a file with a log by one without.
  private(set) var hasCompacted = false
  /// The last log entry, or the whole file, if it is not known to be on the disk.
  var unsynchronized: AppendedEntry? { session.hasUnsynchronized ? session.newest : nil }
  /// The file whose flush has failed before it was replaced.
  private(set) var failedFlush: VaultFile.Version?
  /// Bytes of the file when the transaction began.
  let sizeBefore: Int64
  /// Whether there is anything behind the snapshot.
  var hasLog: Bool { !session.log.isEmpty }

  /// Begins with the newest state, which was read under the lock.
  init(base: consuming VaultSession, under lock: WriterLock) {
    (header, table) = (base.header, base.table)
    (sizeBefore, usesBefore) = (base.version.status.size, base.uses)
    (session, self.lock) = (base, lock)
  }

  /// Whether `table` has only some of the records, because the others are not decoded.
  private var isPartial: Bool { !session.records.isDecoded }

  /// Loads the records that these queries fit, so that `tokens` can be saved beside them; or all, if they are decoded or
  /// have to be.
  ///
  /// The rules of a save look only at the records that its query fits, at those with its id, and at those with the next
  /// ids. So the outcome is the same as with all records.
  mutating func load(
    _ queries: [TokenQuery], saving tokens: [OAuthToken] = []
  ) throws(TokenVaultError) {
    guard isPartial else { return }
    if let some = try session.table(for: queries, saving: tokens) {
      table = some
    } else {
      try loadAll()
    }
  }

  /// Decodes all records.
  private mutating func loadAll() throws(TokenVaultError) {
    try session.decode()
    table = session.table
  }

  /// Saves what was asked for, each request whole or not at all, and commits the result.
  mutating func save(
    _ requests: [SaveRequest], now: Timestamp
  ) throws(TokenVaultError) -> [SaveRequest.Result] {
    try load(requests.flatMap(\.queries), saving: requests.flatMap(\.tokens))
    let results = table.save(each: requests, now: header.time(at: now), as: header.format)
    if results.contains(where: \.hasChanges) { try commit(previous: .keep) }
    return results
  }

  /// Deletes records, and the previous snapshot, so that they are gone from the disk.
  mutating func delete(ids: [String], ifRevision: Int? = nil) throws(TokenVaultError) {
    try TokenVaultError.wrap(table: table.delete(ids: ids, ifRevision: ifRevision))
    try commit(previous: .remove)
  }

  /// Writes what was changed: as a log entry if the vault is large and only records were saved, else as a new file.
  ///
  /// - Parameters:
  ///   - previous: What becomes of the previous snapshot if the file is replaced. `remove` always replaces the file,
  ///     so that what was removed is gone from it.
  ///   - rewriting: Replaces the file in any case.
  mutating func commit(
    previous: VaultFile.Previous, rewriting: Bool = false
  ) throws(TokenVaultError) {
    guard header.dataKeyID == dataKey.id else {
      throw .keyChanged(path: session.access.file.location.path)
    }
    if previous == .remove { try session.access.refuseToRemoveWhileDamaged() }
    if !rewriting, previous != .remove, try append() { return }
    try replace(previous: previous)
  }

  /// False if the file has to be replaced.
  private mutating func append() throws(TokenVaultError) -> Bool {
    guard session.mayAppend, header == session.header, !table.changes.isRewrite,
      !table.changes.positions.isEmpty
    else { return false }
    let entry = LogEntry(changesOf: table)
    guard let appended = try session.append(entry) else {
      failedFlush = session.isReliable ? nil : session.version
      return false
    }
    self.appended = appended
    if isPartial {
      try TokenVaultError.wrap(
        at: session.access.file.location.path, contents: session.apply(entry))
      isCommitted = true
    } else {
      finish()
    }
    return true
  }

  private mutating func replace(previous: VaultFile.Previous) throws(TokenVaultError) {
    // The records that others have decoded up to the last entry are those of the new snapshot.
    let isSame = table.changes.isEmpty && header == session.header
    let rewrite = try Rewrite(
      session.access, under: lock, header, above: session.highestBegun,
      after: isSame ? session.compactionPoint : nil,
      target: .replaced(previous: previous), slots: .changed(from: session.header))
    let hadLog = hasLog
    defer { hasCompacted = hadLog && isCommitted }
    if isPartial, let merge = try session.merge(with: LogEntry(changesOf: table)) {
      session.finish(rewrite.header, try rewrite.run(merge, dataKey))
      session.markInDoubt()
      (header, isCommitted) = (rewrite.header, true)
    } else {
      session.finish(rewrite.header, try rewrite.run(table, dataKey))
      header = rewrite.header
      finish()
    }
  }

  private mutating func finish() {
    table.markClean()
    session.replace(header, table)
    isCommitted = true
  }

  /// Records beside another key file that it opens this vault.
  ///
  /// - Returns: The note; nil if it was there before, or cannot be written.
  func markUse(of file: KeyFile) throws(TokenVaultError) -> KeyFileUse? {
    let use = try session.access.use(of: file, header.store)
    let note = (try? use.read()) ?? nil
    return use.keep(session.generation, over: note) ? use : nil
  }
}
