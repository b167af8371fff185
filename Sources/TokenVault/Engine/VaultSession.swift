internal import VaultCrypto

/// A vault as it was last read: its records, and what is needed to read and write it again.
struct VaultSession: Sendable {
  var access: VaultAccess
  var version: VaultFile.Version {
    didSet { pathCheck = nil }
  }
  var header: VaultHeader
  var found: UnlockedKey
  var log: LogPosition
  var records: StoredRecords
  private var pathCheck: StatCache?
  /// Whether bytes were read that did not fit, so that the whole file has to be read again.
  private(set) var isInDoubt = false
  /// The highest generation that was remembered when the vault was loaded.
  var highest: SeenGeneration?
  /// Whether the file's name is known to be on the disk.
  var isNameSynchronized = false
  /// The file whose flush has failed. The kernel reports that once: the next flush succeeds although bytes are lost.
  var unreliableInode: UInt64?
  /// The summary of the log's last extent, once this store has written to the log.
  var draft: ExtentDraft?
  /// Uses of records that are in the table, and not yet on the disk.
  var uses = PendingUses()

  /// How often the vault has been written, as another process would read it.
  var generation: UInt64 { header.generation + log.chain.count }
  /// The generation with the tag of its version.
  var seen: SeenGeneration { header.generation(at: log) }
  /// A number that no generation of this file is above, also one whose write was not finished.
  var highestBegun: UInt64 { header.generation + log.highestNumber }
  /// The last log entry, whose state the records have; nil if there is none.
  var compactionPoint: CompactionPoint? {
    log.chain.count == 0 ? nil : CompactionPoint(generation: generation, tag: log.chain.lastTag)
  }
  /// The records; decoded by `decode`.
  var table: TokenTable {
    get { records.table }
    _modify { yield &records.table }
  }

  /// The session of a vault that was just written.
  init(
    access: VaultAccess, version: VaultFile.Version, header: VaultHeader, found: UnlockedKey,
    log: LogPosition, table: TokenTable
  ) {
    (self.access, self.version, self.header) = (access, version, header)
    (self.found, self.log) = (found, log)
    records = StoredRecords(table, as: header.format)
  }

  /// Goes on with a header and a table that were just written.
  mutating func replace(_ header: VaultHeader, _ table: TokenTable) {
    self.header = header
    records = StoredRecords(table, as: header.format)
  }

  private init(
    _ opened: VaultAccess.Opened, _ access: VaultAccess, _ extent: VaultReader.Extent,
    _ seen: SeenGeneration?
  ) throws(TokenVaultError) {
    (self.access, version, header) = (access, opened.image.version, opened.image.header)
    (found, highest) = (opened.found, opened.remembered.highest)
    (records, log) = try opened.image.records(
      with: opened.found.dataKey,
      extent == .start && access.configuration.decodesAtOnce ? .records : extent, seen: seen)
    // This host remembers only what is on the disk.
    log.chain.markFlushed(header.entry(of: highest))
  }

  /// Goes on in the new file of a compaction: with records that the old session has for the most part, and the log
  /// behind the new snapshot.
  init(
    _ old: VaultSession, _ opened: VaultAccess.Opened, _ access: VaultAccess,
    _ records: StoredRecords, _ log: LogPosition
  ) {
    self = old
    (self.access, version, header) = (access, opened.image.version, opened.image.header)
    (found, highest) = (opened.found, opened.remembered.highest)
    (self.records, self.log) = (records, log)
    (isInDoubt, isNameSynchronized) = (false, false)
    self.log.chain.markFlushed(header.entry(of: highest))
  }

  /// Reads and opens the vault, and finds its key.
  ///
  /// - Parameter old: A session whose records the new one keeps if the file is a compaction of what that one has read.
  static func load(
    _ access: VaultAccess, _ known: VaultAccess.Known? = nil, under lock: WriterLock? = nil,
    reading extent: VaultReader.Extent = .start, keeping old: VaultSession? = nil
  ) throws(TokenVaultError) -> VaultSession {
    let start = StatCache.Start()
    return try access.open(known, under: lock) { (opened) throws(TokenVaultError) in
      let seen = opened.seen(known)
      if let session = try old?.following(opened, access, seen: seen) {
        return (session, session.seen)
      }
      var session = try VaultSession(opened, access, extent, seen)
      session.pathCheck = StatCache(opened.image.version.status, at: start)
      return (session, session.seen)
    }
  }

  /// What opening the vault again can rest on.
  var known: VaultAccess.Known {
    VaultAccess.Known(
      store: header.store, generation: seen, highest: highest, found: found, slots: header.slots)
  }

  var path: String { access.file.location.path }

  // MARK: Catching up

  /// Whether the whole file has to be read again, for one because another file is at the path.
  func isReplaced() throws(TokenVaultError) -> Bool {
    if isInDoubt { return true }
    return try TokenVaultError.wrap(file: access.file.isReplaced(version))
  }

  /// Reads the whole file again before the records are used.
  mutating func markInDoubt() { isInDoubt = true }

  /// Reads what other processes have written since: the new log entries, or the whole vault if its file is another.
  ///
  /// Under the lock, this also locks the inode that was read, so that it stays the newest until the lock is released.
  mutating func catchUp(under lock: WriterLock? = nil) throws(TokenVaultError) {
    if isInDoubt { return try reload(access, with: found, under: lock) }
    if lock == nil, let pathCheck, pathCheck.holds(version, access.file) { return }
    // A status that a later call compares: read before the check, so that it is never newer than the answer.
    let check = lock == nil ? StatCache(beginningWith: version, access.file) : nil
    guard let change = try TokenVaultError.wrap(file: change(under: lock)) else {
      pathCheck = check
      return
    }
    isInDoubt = true
    if case .grown(let newer) = change,
      (try? readAppended(to: newer, holdsLock: lock != nil)) == true,
      lock == nil || (try? lacksEntries()) == false
    {
      (isInDoubt, pathCheck) = (false, check)
      return
    }
    try reload(access, with: found, under: lock)
  }

  /// What has happened to the file since it was read. Only the end of its log tells whether a large one has grown: two
  /// writes may leave one time of change.
  private func change(under lock: WriterLock?) throws(FileError) -> VaultFile.Change? {
    guard let lock else {
      let change = try access.file.change(since: version)
      return log.isLarge && change == nil ? .grown(version) : change
    }
    try access.file.hold(version, by: lock)
    let change =
      try log.isLarge ? access.file.growth(since: version) : access.file.change(since: version)
    // The path led elsewhere a moment ago, so that the inode could not be locked.
    return lock.holds(version.status) ? change : .replaced
  }

  /// Reads the log entries behind those that are known.
  ///
  /// Returns false, or throws, if something else is there: another file was copied over this one, or its end was cut off
  /// and written anew. Then the caller reads the whole file, since what is known here may be too much.
  mutating func readAppended(
    to newer: VaultFile.Version, holdsLock: Bool
  ) throws(TokenVaultError) -> Bool {
    guard log.isLarge else { return false }
    var window = LogWindow(access.file, newer, header, aheadSize: LogWindow.glanceSize)
    guard try isAsItWasRead(&window) else { return false }
    if try window.isAtEnd(log), log.isClean {
      version = newer
      return true
    }
    window = LogWindow(access.file, newer, header, aheadSize: LogWindow.entrySize)
    uses.lift(from: &records)
    let (access, header, draft, path) = (access, header, draft, path)
    try window.readEntries(&log, covered: try access.newestEntry(behind: header)) {
      (frame, text, log) throws(TokenVaultError) in
      let entry = try TokenVaultError.wrap(
        at: path, contents: LogEntry.decode(text, as: header.format))
      try TokenVaultError.wrap(at: path, contents: records.apply(entry))
      draft?.add(entry, frame.textSize, behind: frame.tagBefore, endOf: log)
    }
    uses.lay(over: &records)
    // Another process is writing an entry: the next call looks for it again.
    if log.isClean || holdsLock { version = newer }
    return true
  }

  /// Reads the vault again, with a key that may be newer than the one that has opened it.
  mutating func reload(
    _ access: VaultAccess, with found: UnlockedKey, under lock: WriterLock? = nil
  ) throws(TokenVaultError) {
    var known = known
    known.found = found
    become(
      try Self.load(
        access, known, under: lock, reading: records.isDecoded ? .records : .start, keeping: self))
  }

  /// Goes on with what was read anew; uses that are not written yet stay pending.
  mutating func become(_ new: VaultSession) {
    let (pending, inode) = (uses, unreliableInode)
    let isSameFile = header == new.header && version.status.isSameFile(as: new.version.status)
    let isNameKnown = isNameSynchronized && isSameFile
    self = new
    (uses, unreliableInode) = (pending, inode)
    if isNameKnown { isNameSynchronized = true }
    uses.lay(over: &records)
  }

  /// Goes on with what a transaction has committed, unless something newer was read since. A key that was given
  /// meanwhile stays, and so do uses, but for those that the transaction found to be written.
  mutating func advance(to committed: VaultSession, dropping dropped: PendingUses) {
    uses.lift(from: &records)
    if committed.generation > generation {
      let flushed = log.chain.flushed
      let isSameFile = version.status.inode == committed.version.status.inode
      (version, header, log) = (committed.version, committed.header, committed.log)
      (draft, isInDoubt) = (committed.draft, committed.isInDoubt)
      if isSameFile {
        log.chain.markFlushed(flushed)
      } else {
        isNameSynchronized = committed.isNameSynchronized
      }
      highest = committed.highest
      if isSameFile, !isInDoubt {
        records.advance(to: committed.records)
      } else {
        records = committed.records
      }
      if found.dataKey.id != header.dataKeyID {
        (access, found) = (committed.access, committed.found)
      }
    }
    uses.remove(committed.uses)
    uses.remove(dropped)
    uses.lay(over: &records)
  }
}
