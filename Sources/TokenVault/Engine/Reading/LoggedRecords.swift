internal import VaultCrypto

/// The records of the log behind a large snapshot whose records are not decoded.
///
/// Those of a log with several extents stay sealed, but for the last extent's: the summaries find a few sooner than
/// opening every entry finds all.
struct LoggedRecords: Sendable {
  /// The records of the entries that were read, as the last ones have them, in the order of their first entries: of all
  /// entries, or of those behind `earlier`.
  private(set) var table: TokenTable
  private var earlier: EarlierExtents?
  /// How many more earlier entries may be opened before opening all would have been quicker.
  private var budget = 0

  /// No records, behind a snapshot with this preamble.
  init(behind snapshot: SnapshotContents) {
    table = TokenTable(nextID: snapshot.nextID, policy: snapshot.policy)
  }

  /// Goes on behind extents that stay sealed; false, and unchanged, if they do not fit the snapshot.
  mutating func begin(behind earlier: EarlierExtents) -> Bool {
    guard earlier.nextID >= table.nextID else { return false }
    table = TokenTable(nextID: earlier.nextID, policy: table.policy)
    (self.earlier, budget) = (earlier, Int(earlier.count))
    return true
  }

  /// A number that the records are not more than.
  var limit: Int { table.tokens.count + (earlier?.recordLimit ?? 0) }

  /// Applies the entry behind all others.
  mutating func apply(_ entry: LogEntry) throws(SnapshotFault) { try table.apply(entry) }

  /// A table of the log's newest records, in their order: at least all that these queries fit or that have these ids.
  mutating func records(
    for queries: [TokenQuery], ids: [String], _ snapshot: SnapshotContents, _ reader: VaultReader,
    _ dataKey: DataKey
  ) throws(TokenVaultError) -> TokenTable {
    if let part = try part(for: queries, ids: ids, reader) { return part }
    try readAll(snapshot, reader, dataKey)
    return table
  }

  /// Reads the entries of the earlier extents, unless that is done.
  mutating func readAll(
    _ snapshot: SnapshotContents, _ reader: VaultReader, _ dataKey: DataKey
  ) throws(TokenVaultError) {
    guard let earlier else { return }
    var (all, count) = (LoggedRecords(behind: snapshot), UInt64(0))
    let format = reader.header.format
    let end = try reader.log(with: dataKey, seen: nil) { (text) throws(SnapshotFault) in
      count += 1
      if count <= earlier.count { try all.apply(LogEntry.decode(text, as: format)) }
    }
    guard count >= earlier.count else {
      throw .damagedLogEntry(path: reader.path, offset: end.end)
    }
    let entry = LogEntry(nextID: table.nextID, tokens: Array(table.tokens))
    try TokenVaultError.wrap(at: reader.path, contents: all.apply(entry))
    self = all
  }

  // MARK: A part of them

  /// The same as `records` returns by the summaries; nil if they do not fit the entries, or if opening all is quicker.
  private mutating func part(
    for queries: [TokenQuery], ids: [String], _ reader: VaultReader
  ) throws(TokenVaultError) -> TokenTable? {
    guard let earlier else { return nil }
    var entries = EarlierEntries(
      earlier, reader.logWindow(aheadSize: LogWindow.entrySize), as: reader.header.format,
      atMost: budget)
    defer { budget -= entries.count }
    var ids = Set(ids.map(ExactText.init))
    for query in queries {
      try entries.insertIDs(having: query, into: &ids)
      for position in table.positions(having: query) {
        if let id = table.tokens[position].id { ids.insert(ExactText(id)) }
      }
    }
    var found: [EarlierEntries.Found] = []
    for id in ids {
      if let record = try newest(id.text, &entries) { found.append(record) }
    }
    guard entries.isSound else { return nil }
    found.sort { $0.place < $1.place }
    return TokenTable(
      tokens: CopyOnWriteBlocks(found.map(\.token)), nextID: table.nextID, policy: table.policy)
  }

  /// The newest record with an id, and the place of the first one.
  private mutating func newest(
    _ id: String, _ entries: inout EarlierEntries
  ) throws(TokenVaultError) -> EarlierEntries.Found? {
    let first = try entries.first(ofID: id)
    if let position = table.position(ofID: id) {
      let place = EarlierEntries.Place(entry: .max, record: position)
      return (first?.place ?? place, table.tokens[position])
    }
    guard let first, let last = try entries.last(ofID: id) else { return nil }
    return (first.place, last.token)
  }
}
