internal import VaultCrypto

/// Replaces a vault as a whole: writes the new file, gives it the vault's name, and makes this host remember both
/// the slots and the generation that it has.
///
/// The caller holds the lock, and has decided everything on the newest state. On failure, the vault is the old one, or,
/// if only the directory could not be synchronized, the new one.
struct Rewrite {
  /// What becomes of the file at the vault's path.
  enum Target {
    /// No file may be there.
    case absent
    /// The new file replaces it; `previous` says what stays as the previous snapshot.
    case replaced(previous: VaultFile.Previous)
    /// It is damaged: it is set aside, and the previous snapshot stays.
    case setAside
  }

  /// The slots that this host accepts with the new file.
  enum Slots {
    /// Those that it has accepted before.
    case unchanged
    /// Those, and what the writer has added to or removed from this header.
    case changed(from: VaultHeader)
    /// All, since a rotation vouches for them.
    case accepted(UnlockedKey)
  }

  /// A new file in the vault's place, durable.
  struct Written<Content> {
    /// What the caller's closure has returned.
    let content: Content
    let version: VaultFile.Version
    /// The path of what was there before; nil if it is gone.
    let replaced: String?
  }

  let access: VaultAccess
  let lock: WriterLock
  /// The header to write. Its generation is already the new one.
  let header: VaultHeader
  let target: Target
  let slots: Slots

  /// - Parameters:
  ///   - header: What to write; its generation is counted here.
  ///   - highest: The new generation is above this one, too; nil for a new vault, whose generation is the first.
  ///   - point: The log entry whose state the new snapshot has, if the records are the same as with that entry.
  /// - Throws: ``TokenVaultError/countersExhausted``.
  init(
    _ access: VaultAccess, under lock: WriterLock, _ header: VaultHeader, above highest: UInt64?,
    after point: CompactionPoint? = nil, target: Target, slots: Slots = .unchanged
  ) throws(TokenVaultError) {
    var header = header
    if let highest { try header.countGeneration(above: highest) }
    if let point { header.after = point }
    (self.access, self.lock, self.header) = (access, lock, header)
    (self.target, self.slots) = (target, slots)
  }

  /// Writes a table; returns where the first log entry behind it goes.
  func run(
    _ table: TokenTable, _ dataKey: DataKey
  ) throws(TokenVaultError) -> Written<LogPosition> {
    try run { (file) throws(TokenVaultError) in
      let log = try SnapshotWriter.write(table, header, dataKey, to: access.file, file)
      return (log, header.generation(at: log))
    }
  }

  /// Writes records that are not decoded; returns where the first log entry behind them goes.
  func run(
    _ merge: SnapshotMerge, _ dataKey: DataKey
  ) throws(TokenVaultError) -> Written<LogPosition> {
    try run { (file) throws(TokenVaultError) in
      let log = try SnapshotWriter.write(merge, header, dataKey, to: access.file, file).log
      return (log, header.generation(at: log))
    }
  }

  /// Lends the new file to `write`, which fills, synchronizes and perhaps verifies it; then replaces the vault.
  func run<Content>(
    _ write: (OpenFile) throws(TokenVaultError) -> (Content, SeenGeneration)
  ) throws(TokenVaultError) -> Written<Content> {
    let file = try TokenVaultError.wrap(file: access.file.beginNew(under: lock))
    do throws(TokenVaultError) {
      let (content, generation) = try write(file)
      let (version, replaced) = try replaceRememberingSlots(with: file)
      access.memory.remember(generation, of: header.store)
      return Written(content: content, version: version, replaced: replaced)
    } catch {
      access.file.discardNew(file)
      throw error
    }
  }

  private func replaceRememberingSlots(
    with new: OpenFile
  ) throws(TokenVaultError) -> (VaultFile.Version, replaced: String?) {
    let changing =
      switch slots {
      case .unchanged: ChangingSlots?.none
      case .changed(let old): access.rememberSlots(from: old, to: header)
      case .accepted(let found): access.rememberSlots(accepting: header, found)
      }
    do throws(FileError) {
      let written = try replace(with: new)
      changing?.complete()
      return written
    } catch {
      changing?.withdraw(unless: header, in: access.file)
      throw TokenVaultError(error)
    }
  }

  private func replace(
    with new: OpenFile
  ) throws(FileError) -> (VaultFile.Version, replaced: String?) {
    let file = access.file
    switch target {
    case .absent: return (try file.create(new), nil)
    case .replaced(let previous):
      let version = try file.replace(with: new, previous: previous)
      return (version, previous == .keep ? file.location.previous : nil)
    case .setAside:
      let copy = try file.setAside()
      return (try file.replace(with: new, previous: .leave), copy)
    }
  }
}

extension VaultHeader {
  /// The header of a compaction of a vault whose log was read up to a position.
  ///
  /// Its generation is above every number that an entry of that log has, or can get until the new file replaces the old
  /// one.
  ///
  /// - Throws: ``TokenVaultError/countersExhausted``.
  func compacted(after log: LogPosition) throws(TokenVaultError) -> VaultHeader {
    var header = self
    try header.countGeneration(above: generation + LogFrame.numberLimit + 1)
    header.after = CompactionPoint(generation: generation + log.chain.count, tag: log.chain.lastTag)
    return header
  }

  /// Counts one more write.
  ///
  /// - Throws: ``TokenVaultError/countersExhausted``.
  fileprivate mutating func countGeneration(above highest: UInt64) throws(TokenVaultError) {
    let last = max(generation, highest)
    guard last < Self.generationLimit else { throw .countersExhausted }
    generation = last + 1
    // It names the log entry of a compaction, and this is another write.
    after = nil
  }
}

extension VaultAccess {
  /// Runs `work` with the writer's lock, for which it waits as long as the configuration says.
  ///
  /// - Throws: ``TokenVaultError/lockTimeout(path:seconds:holder:)``, and what `work` throws.
  func withWriterLock<Result>(
    _ work: (WriterLock) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let lock = try TokenVaultError.wrap(file: file.lock(timeout: configuration.lockTimeout))
    defer { lock.release() }
    return try work(lock)
  }
}
