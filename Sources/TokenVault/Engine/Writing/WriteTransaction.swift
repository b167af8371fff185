internal import VaultCrypto

/// A change that is being made to a vault, under its lock.
struct WriteTransaction {
  private let base: VaultSession
  private let lock: WriterLock
  var header: VaultHeader
  var table: TokenTable
  /// The state that was written, once it was.
  private(set) var committed: VaultSession?
  /// What is to be made durable yet, after the lock was let go.
  private(set) var appended: AppendedEntry?

  var dataKey: DataKey { base.found.dataKey }
  var found: UnlockedKey { base.found }
  /// Whether the table has uses of records that are not on the disk.
  var hasPendingUses: Bool { !base.uses.isEmpty }

  /// The last commit, or the whole file, if it is not known to be on the disk.
  var unsynchronized: AppendedEntry? { base.hasUnsynchronized ? base.newest : nil }
  /// Bytes of the file when the lock was had.
  var sizeBefore: Int64 { base.version.status.size }
  /// Whether there is anything behind the snapshot.
  var hasTail: Bool { base.version.status.size > base.tail.start }

  /// Begins with the newest state, which was read under the lock.
  init(base: VaultSession, under lock: WriterLock) {
    (self.base, self.lock, header, table) = (base, lock, base.header, base.table)
  }

  /// Saves what was asked for, each whole or not at all, and commits what has come of it.
  mutating func save(
    _ requests: [SaveRequest], now: Timestamp
  ) throws(TokenVaultError) -> [SaveRequest.Result] {
    let results = table.saveEach(requests, now: header.time(at: now), as: header.format)
    table.forgetMarks()
    if results.contains(where: \.hasChanges) { try commit(previous: .keep) }
    return results
  }

  private var path: String { base.access.file.location.path }

  /// Writes what was changed: behind the others where the vault is large and only records were saved, else as a new
  /// version of the whole vault in the place of the old one.
  mutating func commit(
    previous: VaultFile.Previous, rewriting: Bool = false
  ) throws(TokenVaultError) {
    guard header.dataKeyID == dataKey.id else { throw .keyChanged(path: path) }
    if previous == .remove { try base.access.refuseToRemoveWhileDamaged() }
    // What is removed is to be gone from the file.
    if !rewriting, previous != .remove, try append() { return }
    try replace(previous: previous)
  }

  /// False where the vault has to be replaced.
  private mutating func append() throws(TokenVaultError) -> Bool {
    guard base.mayAppend, header == base.header, !table.changes.isRewrite,
      !table.changes.positions.isEmpty
    else { return false }
    var state = base
    guard let appended = try state.appendChanges(of: table) else { return false }
    self.appended = appended
    finish(state)
    return true
  }

  private mutating func replace(previous: VaultFile.Previous) throws(TokenVaultError) {
    try header.countGeneration(above: base.generation)
    let file = base.access.file
    let new = try SnapshotWriter.write(table, header, dataKey, to: file, under: lock)
    var state = base
    let slots = base.access.rememberSlots(from: base.header, to: header)
    do { state.version = try file.replace(with: new.file, previous: previous) } catch {
      slots?.withdraw(unless: header, in: file)
      throw TokenVaultError(error)
    }
    slots?.complete()
    (state.header, state.tail) = (header, new.tail)
    state.access.memory.remember(state.seen, of: header.store)
    state.noteRemembered(state.seen)
    state.noteSynchronized(state.version)
    finish(state)
  }

  private mutating func finish(_ state: VaultSession) {
    table.markClean()
    committed = state.written(header, table)
  }

  /// Notes the vault beside another key file that opens it, as far as that can be written; returns the note, if none
  /// was there before.
  func note(besides file: KeyFile) throws(TokenVaultError) -> KeyFileUse? {
    let use = try base.access.use(of: file, header.store)
    let note = (try? use.read()) ?? nil
    return use.keep(base.generation, over: note) ? use : nil
  }
}

extension VaultHeader {
  /// Counts one more write.
  mutating func countGeneration(above highest: UInt64 = 0) throws(TokenVaultError) {
    let last = max(generation, highest)
    guard last < Self.generationLimit else { throw .countersExhausted }
    generation = last + 1
  }
}
