internal import Glibc
internal import Synchronization
internal import VaultCrypto

/// A compaction of a large vault that runs beside its writers: it writes the new file while the writers' lock is free, and
/// holds the lock only to copy the log entries that came meanwhile, and to replace the vault.
///
/// It gives up if another writer replaces the vault. FileFormat has the rules of the new file, Durability the steps.
final class Compaction: Sendable {
  /// The vault as it was read: its records are exactly those on the disk.
  private let base: VaultSession
  /// The vault's file, which is locked through a file of its own.
  private let version: VaultFile.Version
  private let isCancelled: @Sendable () -> Bool

  private var file: VaultFile { base.access.file }
  /// The log entry whose state the new snapshot has.
  var point: CompactionPoint {
    CompactionPoint(generation: base.generation, tag: base.log.chain.lastTag)
  }

  /// - Parameters:
  ///   - base: The vault with its last commit, and without uses that are not on the disk.
  ///   - isCancelled: Asked before each step; if true, the compaction gives up.
  init(
    of base: VaultSession, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(TokenVaultError) {
    (self.base, self.isCancelled) = (base, isCancelled)
    version = try TokenVaultError.wrap(file: base.access.file.reopened(base.version))
  }

  /// Compacts the vault, unless another thread or process does.
  ///
  /// - Throws: Why it has given up. The vault is as it was then, or, if only the directory could not be synchronized, the
  ///   new one.
  func run() throws(TokenVaultError) {
    let lock = try TokenVaultError.wrap(file: CompactionLock(file.location, disk: file.disk))
    guard let lock, let new = try TokenVaultError.wrap(file: file.beginCompacted(under: lock))
    else { return }
    defer { withExtendedLifetime(lock) {} }
    let report = base.access.configuration.onEvent
    do throws(TokenVaultError) { try replace(with: new) } catch {
      file.discardNew(new)
      report?(.abandonedCompaction(path: file.location.path, reason: error.description))
      throw error
    }
    report?(.compacted(path: file.location.path))
  }

  private func replace(with new: OpenFile) throws(TokenVaultError) {
    // Asked once the new file is there, since a writer that removes records removes that file, too.
    try checkGoesOn(new)
    var log = base.log
    let (header, copied) = try writeSnapshot(to: new)
    var copy = copied
    // So that little is left to copy under the lock, whatever comes meanwhile.
    for _ in 0..<4 where try copyEntries(behind: &log, to: &copy, in: new) < 16 { break }
    // Held open until the lock is released: the file that loses its last name is deleted only then, which takes some 50 ms
    // for 100 MB.
    let previous = Mutex(try? file.files.open(file.location.previous, .reading))
    let lock = try waitForLock(new)
    defer { lock.release() }
    try TokenVaultError.wrap(file: file.hold(new, toReplace: version, by: lock))
    _ = try copyEntries(behind: &log, to: &copy, in: new)
    _ = try TokenVaultError.wrap(file: file.replace(with: new, previous: .keep))
    lock.release()
    base.access.memory.remember(header.generation(at: copy.position), of: header.store)
    DetachedThread.runBehindOthers { previous.withLock { $0 = nil } }
  }

  /// Writes header, snapshot and index on a thread to which the scheduler prefers others: the seals would otherwise keep
  /// a processor from readers and writers for whole slices of its time. What follows holds the writers' lock, and must not
  /// wait for them.
  private func writeSnapshot(
    to new: OpenFile
  ) throws(TokenVaultError) -> (VaultHeader, CopiedLog) {
    let result = Mutex<Result<(VaultHeader, CopiedLog), TokenVaultError>?>(nil)
    DetachedThread.runBehindOthers {
      let written = Result { () throws(TokenVaultError) in try self.writtenSnapshot(to: new) }
      result.withLock { $0 = written }
    }
    if let written = result.withLock(\.self) { return try written.get() }
    // There can be no thread.
    return try writtenSnapshot(to: new)
  }

  private func writtenSnapshot(
    to new: OpenFile
  ) throws(TokenVaultError) -> (VaultHeader, CopiedLog) {
    var records = base.records
    try records.decode()
    let (header, dataKey) = (try base.header.compacted(after: base.log), base.found.dataKey)
    let log = try SnapshotWriter.write(records.table, header, dataKey, to: file, new) {
      () throws(TokenVaultError) in
      // Piece by piece, since the writers' flushes would wait for that of a whole file.
      try TokenVaultError.wrap(file: new.synchronizeData())
      try checkGoesOn(new)
    }
    return (header, try CopiedLog(log, header, dataKey, in: new))
  }

  /// Copies the entries behind a position of the old log, makes them durable, and returns how many they are.
  private func copyEntries(
    behind log: inout LogPosition, to copy: inout CopiedLog, in new: OpenFile
  ) throws(TokenVaultError) -> UInt64 {
    let before = log.chain.count
    // An entry that reads as zeros, and those behind it, would not be in the new file.
    log.forgetZeros()
    let status = try TokenVaultError.wrap(file: version.file.identity())
    var window = LogWindow(file, version.grown(to: status), base.header)
    guard try window.hasLastEntry(log) else { throw TokenVaultError(file.staleNew(new)) }
    try window.readTexts(&log, covered: try base.access.newestEntry(behind: base.header)) {
      (text) throws(TokenVaultError) in
      try copy.append(text)
    }
    try copy.flush()
    if log.chain.count > before { try TokenVaultError.wrap(file: new.synchronizeData()) }
    return log.chain.count - before
  }

  /// Waits for the writers' lock, a little at a time.
  private func waitForLock(_ new: OpenFile) throws(TokenVaultError) -> WriterLock {
    let end = ContinuousClock.now.advanced(by: base.access.configuration.lockTimeout)
    while true {
      do throws(FileError) { return try file.lock(timeout: .milliseconds(100)) } catch {
        guard case .lockTimeout = error, ContinuousClock.now < end else {
          throw TokenVaultError(error)
        }
        try checkGoesOn(new)
      }
    }
  }

  /// Gives up if the vault was replaced, or the compaction was cancelled.
  private func checkGoesOn(_ new: OpenFile) throws(TokenVaultError) {
    let isReplaced = try TokenVaultError.wrap(file: file.isReplaced(version))
    guard !isReplaced, !isCancelled() else { throw TokenVaultError(file.staleNew(new)) }
  }
}
