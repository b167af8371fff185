internal import VaultCrypto

/// A large snapshot that is not decoded, whose index finds records, and the records of the log behind it.
struct LazySnapshot: Sendable {
  private var logged: LoggedRecords

  private let contents: SnapshotContents
  private let reader: VaultReader
  private let dataKey: DataKey
  /// What opens the snapshot, and its index.
  private let key: OpeningKey
  private let index: SnapshotIndex.Known
  /// The header row of CSV; none in JSON.
  private let headerRow: SecretBytes
  /// How many more keys may be looked up, or records decoded, before decoding all would have been quicker: both open a
  /// chunk, and decoding all opens each once.
  private var budget: Int
  /// The budget of one call, and at first of all.
  private let callBudget: Int
  private static let leastBudget = 16
  /// How many more transactions may do without all records: a store that writes again and again needs them.
  private var writes = 8
  /// What queries have looked up.
  private(set) var queried = IndexKinds()

  /// Reads what is before the records, and verifies what the index says of the lengths.
  init(_ reader: VaultReader, _ dataKey: DataKey) throws(TokenVaultError) {
    (self.reader, self.dataKey) = (reader, dataKey)
    let snapshot = try reader.snapshot(with: dataKey)
    key = snapshot.key
    index = try reader.index(of: snapshot, with: dataKey).known
    callBudget = max(Self.leastBudget, snapshot.layout.lastChunk)
    (budget, isDecodedBeside) = (callBudget, snapshot.layout.lastChunk >= Self.chunksBeside)
    try snapshot.openChunk(at: 0)
    contents = try TokenVaultError.wrap(
      at: reader.path, contents: SnapshotContents(snapshot.text.span))
    logged = LoggedRecords(behind: contents)
    var row: [UInt8] = []
    defer { row.cleanse() }
    if reader.header.format == .csv { row = try snapshot.row(at: contents.recordsStart, as: .csv) }
    headerRow = try TokenVaultError.wrap(crypto: SecretBytes(copying: row.span))
  }

  /// Whether it is time to decode all records.
  var isSpent: Bool { budget <= 0 || writes <= 0 }
  /// Whether a thread does that, and no call waits for it: it takes longer than some flushes.
  let isDecodedBeside: Bool
  /// A megabyte.
  private static let chunksBeside = 64

  /// A thread has begun to decode the records: it is tried again, but much later, if it gives up.
  mutating func markDecodingBegun() { (budget, writes) = (16 * callBudget, 16 * 8) }

  /// The hashes of the index and of the log's summaries.
  var hash: IndexHash { index.hash }
  /// What ends a record.
  var policy: RetentionPolicy { contents.policy }

  /// Goes on behind extents of the log that stay sealed; false, and unchanged, if they do not fit the snapshot.
  mutating func begin(behind earlier: EarlierExtents) -> Bool { logged.begin(behind: earlier) }

  mutating func apply(_ entry: LogEntry) throws(SnapshotFault) { try logged.apply(entry) }

  /// The table of all records.
  ///
  /// - Parameter onChunk: Called at each chunk; an error ends the work.
  mutating func decoded(
    onChunk: () throws(TokenVaultError) -> Void = {}
  ) throws(TokenVaultError) -> TokenTable {
    try readLog()
    var table = try reader.snapshotTable(with: dataKey, onChunk: onChunk)
    try TokenVaultError.wrap(at: reader.path, contents: table.apply(logEntry()))
    return table
  }

  /// The path of the file.
  var path: String { reader.path }
  /// The format of its records.
  var format: RecordFormat { reader.header.format }

  /// Whether both are of one file, as it was opened at one time.
  func isSameFile(as other: LazySnapshot) -> Bool { reader === other.reader }

  /// The newest records of those log entries that were read, or at least of those behind an earlier state.
  func logEntry(since old: LazySnapshot? = nil) -> LogEntry {
    LogEntry(nextID: logged.table.nextID, tokens: logged.table.tokens(since: old?.logged.table))
  }

  /// All records, with these changes, to be written as a new snapshot.
  mutating func merge(with changes: LogEntry) throws(TokenVaultError) -> SnapshotMerge {
    try readLog()
    var log = logged.table
    try TokenVaultError.wrap(at: reader.path, contents: log.apply(changes))
    return SnapshotMerge(of: reader, with: dataKey, log: log)
  }

  private mutating func readLog() throws(TokenVaultError) {
    try logged.readAll(contents, reader, dataKey)
  }

  // MARK: Some of the records

  /// A table in which a transaction can save these records, with all others that these queries fit; nil if decoding all is
  /// quicker, or only all records tell whether the new ones can be stored.
  mutating func table(
    for queries: [TokenQuery], saving tokens: [OAuthToken]
  ) throws(TokenVaultError) -> TokenTable? {
    writes -= 1
    let isInCSV = format == .csv
    let room = RecordFormat.recordCountLimit - index.layout.records - tokens.count
    // Only all entries tell how many records there are, and which names their unknown fields have.
    if isInCSV || logged.limit > room { try readLog() }
    guard logged.limit <= room, isDecodedBeside || !isSpent else { return nil }
    // Those that new records may get.
    let ids = tokens.indices.map { TokenQuery(id: String(logged.table.nextID + UInt64($0))) }
    var names: AttributeNames?
    if isInCSV {
      names = try attributeNames(with: tokens)
      guard names?.fitsInHeader == true else { return nil }
    }
    var table = try table(for: queries + ids)
    table?.attributeNames = names
    return table
  }

  /// The names of the unknown fields that records may have after a save.
  private func attributeNames(
    with tokens: [OAuthToken]
  ) throws(TokenVaultError) -> AttributeNames {
    var names = try TokenVaultError.wrap(
      at: reader.path,
      contents: SnapshotFault.wrap(
        records: headerRow.withSpan { (row) throws(RecordError) in
          try AttributeNames(headerRow: row)
        }))
    for token in logged.table.tokens { names.insert(token.attributes) }
    for token in tokens { names.insert(token.attributes) }
    return names
  }

  /// A table with all records that these queries fit, and perhaps others, in the vault's order; nil if decoding all is
  /// quicker.
  mutating func table(for queries: [TokenQuery]) throws(TokenVaultError) -> TokenTable? {
    let lent = isDecodedBeside ? max(0, callBudget - budget) : 0
    budget += lent
    defer { budget -= lent }
    for query in queries { queried.insert(query) }
    let snapshot = try reader.snapshot(with: dataKey, known: key)
    guard var stored = try storedRecords(for: queries, in: snapshot) else { return nil }
    var newer = try logged.records(
      for: queries, ids: stored.compactMap(\.token.id), contents, reader, dataKey)
    if newer.tokens.isEmpty {
      return TokenTable(
        tokens: CopyOnWriteBlocks(stored.map(\.token)), nextID: newer.nextID, policy: newer.policy)
    }
    var positions: Set<Int> = []
    for query in queries { positions.formUnion(newer.positions(having: query)) }
    for place in stored.indices {
      guard let position = newer.position(ofID: stored[place].token.id) else { continue }
      stored[place].token = newer.tokens[position]
      positions.remove(position)
    }
    // Only their places in the snapshot tell which is the oldest.
    if stored.count + positions.count > 1 {
      guard try move(&positions, of: newer, to: &stored, in: snapshot) else { return nil }
    }
    let tokens = stored.map(\.token) + positions.sorted().map { newer.tokens[$0] }
    return TokenTable(
      tokens: CopyOnWriteBlocks(tokens), nextID: newer.nextID, policy: newer.policy)
  }

  private typealias Stored = (offset: Int, token: OAuthToken)

  /// The records of the snapshot that queries may fit, in their order; nil if there are too many.
  private mutating func storedRecords(
    for queries: [TokenQuery], in snapshot: MessageChunks
  ) throws(TokenVaultError) -> [Stored]? {
    let index = try reader.index(of: snapshot, with: dataKey, known: index)
    var offsets: [Int] = []
    for key in queries.flatMap(\.searchKeys) {
      budget -= 1
      guard budget > 0, let found = try index.offsets(of: key, atMost: budget) else { return nil }
      offsets += found
    }
    // Two keys may be of one record.
    offsets.sort()
    var distinct: [Int] = []
    for offset in offsets where offset != distinct.last { distinct.append(offset) }
    budget -= distinct.count
    guard budget > 0 else { return nil }
    let tokens = try decode(at: distinct, in: snapshot)
    return distinct.indices.map { (distinct[$0], tokens[$0]) }
  }

  /// Moves those records of the log to the ones of the snapshot that are in it, too; false if that takes too long.
  private mutating func move(
    _ positions: inout Set<Int>, of logged: TokenTable, to stored: inout [Stored],
    in snapshot: MessageChunks
  ) throws(TokenVaultError) -> Bool {
    for position in positions {
      let token = logged.tokens[position]
      guard let id = token.id,
        let found = try storedRecords(for: [TokenQuery(id: id)], in: snapshot)
      else { return false }
      guard let old = found.first(where: { $0.token.hasSameText(.id, as: token) }) else { continue }
      stored.append((old.offset, token))
      positions.remove(position)
    }
    stored.sort { $0.offset < $1.offset }
    return true
  }

  /// The records that begin at these offsets of the snapshot's text.
  private func decode(
    at offsets: [Int], in snapshot: MessageChunks
  ) throws(TokenVaultError) -> [OAuthToken] {
    if offsets.isEmpty { return [] }
    let format = format
    var text = headerRow.withSpan { $0.array }
    defer { text.cleanse() }
    for offset in offsets {
      var row = try snapshot.row(at: offset, as: format)
      defer { row.cleanse() }
      text.makeRoom(for: row.count)
      text += row
    }
    let tokens = try TokenVaultError.wrap(
      at: reader.path, contents: SnapshotFault.wrap(records: format.decode(stored: text.span)))
    guard tokens.count == offsets.count else {
      throw .damaged(path: reader.path, place: "its index does not fit its snapshot")
    }
    return tokens
  }
}
