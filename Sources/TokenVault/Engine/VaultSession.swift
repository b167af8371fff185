internal import VaultCrypto

/// A vault as it was last read: its records, and what is needed to read and write them again.
struct VaultSession: Sendable {
  var access: VaultAccess
  var version: VaultFile.Version {
    didSet { pathCheck = nil }
  }
  var header: VaultHeader
  var found: UnlockedKey
  var tail: LogPosition
  private(set) var records: StoredRecords
  private var pathCheck: StatCache?
  /// Whether something was read that did not fit, so that all is to be read again.
  private var isInDoubt = false
  /// What was remembered as the highest generation when the vault was loaded.
  private var highest: SeenGeneration?
  /// Whether the file's name is known to be on the disk.
  private(set) var isNameSynchronized = false
  /// The file whose flush has failed: the next one would succeed, and say nothing of what was lost.
  private var unreliableInode: UInt64?
  /// Bytes of the file that are known to be on the disk.
  private var synchronizedSize: Int64 = 0
  /// Uses of records that are in the table, and not yet on the disk.
  var uses = PendingUses()

  /// What another process would read: how often the vault has been written.
  var generation: UInt64 { header.generation + tail.chain.count }
  /// That, and which version it is.
  var seen: SeenGeneration { SeenGeneration(generation, tag: tail.chain.lastSalt) }
  /// The records; decoded by `decode`.
  var table: TokenTable {
    get { records.table }
    _modify { yield &records.table }
  }

  /// A state that was just written.
  init(
    access: VaultAccess, version: VaultFile.Version, header: VaultHeader, found: UnlockedKey,
    tail: LogPosition, table: TokenTable
  ) {
    (self.access, self.version, self.header) = (access, version, header)
    (self.found, self.tail) = (found, tail)
    records = StoredRecords(table, as: header.format)
  }

  /// The same vault with what was just written.
  func written(_ header: VaultHeader, _ table: TokenTable) -> VaultSession {
    var state = self
    state.header = header
    state.records = StoredRecords(table, as: header.format)
    return state
  }

  private init(
    _ opened: VaultAccess.Opened, _ access: VaultAccess, decoded: Bool
  ) throws(TokenVaultError) {
    (self.access, version, header) = (access, opened.image.version, opened.image.header)
    (found, highest) = (opened.found, opened.remembered.highest)
    (records, tail) = try opened.image.records(
      with: opened.found.dataKey, decoded: decoded || access.decodesAtOnce)
  }

  /// Reads and opens the vault, and finds its key.
  static func load(
    _ access: VaultAccess, decoded: Bool = false
  ) throws(TokenVaultError) -> VaultSession {
    try load(access, nil, under: nil, decoded: decoded)
  }

  private static func load(
    _ access: VaultAccess, _ known: VaultAccess.Known?, under lock: WriterLock?, decoded: Bool
  ) throws(TokenVaultError) -> VaultSession {
    try access.open(known, under: lock) { (opened) throws(TokenVaultError) in
      let state = try VaultSession(opened, access, decoded: decoded)
      return (state, state.seen)
    }
  }

  /// What opening the vault again can rest on.
  var known: VaultAccess.Known {
    VaultAccess.Known(
      store: header.store, generation: seen, highest: highest, found: found, slots: header.slots)
  }

  private var path: String { access.file.location.path }

  // MARK: Reading

  /// Has the records decoded.
  mutating func decode() throws(TokenVaultError) {
    if records.isDecoded { return }
    do throws(SnapshotFault) { try records.decode() } catch {
      throw .damaged(path: path, place: error.place)
    }
    uses.lay(over: &records.table)
  }

  /// Lets the records go, for whoever needs no more than the rest.
  mutating func forgetRecords() { records = StoredRecords(TokenTable(), as: header.format) }

  /// The record that the query means, of which others need not be decoded.
  ///
  /// Throws `severalClients` if the query leaves open which record it means.
  mutating func find(_ query: TokenQuery) throws(TokenVaultError) -> FoundRecord? {
    let wasDecoded = records.isDecoded
    defer { if !wasDecoded, records.isDecoded { uses.lay(over: &records.table) } }
    let match: TokenMatch
    do throws(SnapshotFault) { match = try records.find(query) } catch {
      throw .damaged(path: path, place: error.place)
    }
    return try FoundRecord(match)
  }

  /// Notes that a record was handed out.
  mutating func noteUse(of token: OAuthToken, at now: Timestamp) -> PendingUses.Writing {
    uses.note(token, at: now, in: &records.table)
  }

  // MARK: Reading again

  /// Reads what others have written since: the new commits, or the whole vault where its file is another.
  ///
  /// Under the lock, the inode of what was read is locked too, so that it stays the newest until the lock is let go.
  mutating func catchUp(under lock: WriterLock? = nil) throws(TokenVaultError) {
    if isInDoubt { return try loadAgain(under: lock) }
    if lock == nil, let pathCheck, pathCheck.holds(version, access.file) { return }
    guard let change = try change(under: lock) else { return }
    isInDoubt = true
    if case .grown(let newer) = change,
      (try? readAppended(to: newer, holdsLock: lock != nil)) == true
    {
      isInDoubt = false
      return
    }
    try loadAgain(under: lock)
  }

  /// What has become of the file since it was read; what vouches for the answer is taken before it is asked for.
  private mutating func change(
    under lock: WriterLock?
  ) throws(TokenVaultError) -> VaultFile.Change? {
    do throws(FileError) {
      if let lock { try access.file.hold(version, by: lock) }
      let check = lock == nil ? StatCache(beginningWith: version, access.file) : nil
      let change = try access.file.change(since: version)
      // It was not there to be locked a moment ago.
      if let lock, !lock.holds(version.status) { return .replaced }
      if change == nil, lock == nil { pathCheck = check }
      return change
    } catch {
      throw TokenVaultError(error)
    }
  }

  private mutating func loadAgain(under lock: WriterLock?) throws(TokenVaultError) {
    become(try Self.load(access, known, under: lock, decoded: records.isDecoded))
  }

  /// Reads the commits behind those that are known. False, or an error, where something else is there: another file
  /// was copied over the one that was read, or its end was cut off and written anew. All is to be read again then, since
  /// what is known here may be too much.
  private mutating func readAppended(
    to newer: VaultFile.Version, holdsLock: Bool
  ) throws(TokenVaultError) -> Bool {
    guard isLarge else { return false }
    var reader = LogReader(access.file, newer, found.dataKey)
    try reader.read(&tail) { (text) throws(SnapshotFault) in try records.take(commit: text) }
    if newer.status.size == version.status.size, try !isAsItWasRead { return false }
    guard tail.end == newer.status.size else {
      // A commit that is just being written: it is looked for again at the next call.
      return holdsLock ? false : try isAsItWasRead
    }
    version = newer
    if records.isDecoded { uses.lay(over: &records.table) }
    return true
  }

  /// Reads the vault again, with a key that may be newer than the one it was opened with.
  mutating func reload(
    _ access: VaultAccess, with found: UnlockedKey
  ) throws(TokenVaultError) {
    let known = VaultAccess.Known(
      store: header.store, generation: seen, highest: highest, found: found, slots: header.slots)
    become(try Self.load(access, known, under: nil, decoded: records.isDecoded))
  }

  /// Goes on with what was read anew; what is not yet written stays so.
  private mutating func become(_ new: VaultSession) {
    let (pending, inode) = (uses, unreliableInode)
    self = new
    (uses, unreliableInode) = (pending, inode)
    if records.isDecoded { uses.lay(over: &records.table) }
  }

  /// Takes over what a writer has committed, unless something newer was read since; a key that was given meanwhile
  /// stays.
  mutating func advance(to committed: VaultSession) {
    if committed.generation > generation {
      if version.status.inode != committed.version.status.inode {
        synchronizedSize = committed.synchronizedSize
        isNameSynchronized = committed.isNameSynchronized
      }
      (version, header, tail) = (committed.version, committed.header, committed.tail)
      highest = committed.highest
      records = committed.records
      if found.dataKey.id != header.dataKeyID {
        (access, found) = (committed.access, committed.found)
      }
    }
    uses.remove(committed.uses)
    if records.isDecoded { uses.lay(over: &records.table) }
  }

  /// Notes that the file was synchronized when it was this version.
  mutating func noteSynchronized(_ version: VaultFile.Version) {
    guard version.status.inode == self.version.status.inode else { return }
    synchronizedSize = max(synchronizedSize, version.status.size)
    isNameSynchronized = true
  }

  /// Whether a flush of the file means something.
  var isReliable: Bool { unreliableInode != version.status.inode }

  /// Notes that a flush of this version has failed, so that the file is to be replaced at the next chance.
  mutating func noteFailedFlush(of version: VaultFile.Version) {
    unreliableInode = version.status.inode
  }

  /// Notes that a generation was remembered.
  mutating func noteRemembered(_ generation: SeenGeneration) {
    if highest?.number ?? 0 < generation.number { highest = generation }
  }

  /// Whether there are commits, or a name of the file, that this store has not seen on the disk: the process that wrote
  /// them may have been killed before they were.
  var hasUnsynchronized: Bool {
    !isNameSynchronized || tail.end > max(synchronizedSize, tail.start)
  }

  /// Opens it with another key from now on, which must open what is there.
  mutating func change(to access: VaultAccess) throws(TokenVaultError) {
    let state = try Self.load(access)
    guard state.header.store == header.store else {
      throw .otherVault(path: path, seen: header.store.text, found: state.header.store.text)
    }
    become(state)
  }
}
