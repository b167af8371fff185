/// The records of a vault as they were read.
///
/// Those of a large snapshot stay sealed at first, because its index finds a few sooner than decoding finds all. They
/// are decoded once that would have been quicker, and before work that needs all of them.
struct StoredRecords: Sendable {
  /// The decoded records; before `decode`, none.
  var table: TokenTable
  private(set) var undecoded: LazySnapshot?
  private let format: RecordFormat

  /// The records of a table that was written in this format.
  init(_ table: TokenTable, as format: RecordFormat) { (self.table, self.format) = (table, format) }

  /// The records of a large snapshot, which are not decoded yet.
  init(_ snapshot: LazySnapshot, as format: RecordFormat) {
    self.format = format
    table = TokenTable(policy: snapshot.policy)
    undecoded = snapshot
  }

  /// Whether `table` has the records.
  var isDecoded: Bool { undecoded == nil }
  /// Whether the next writer decodes them all, since that pays and is done soon.
  var isWorthDecoding: Bool { undecoded.map { $0.isSpent && !$0.isDecodedBeside } ?? false }
  /// The snapshot that a thread is to decode, since that pays and takes long; nil if there is none.
  var toDecodeBeside: LazySnapshot? {
    undecoded.flatMap { $0.isSpent && $0.isDecodedBeside ? $0 : nil }
  }

  /// What ends a record.
  var policy: RetentionPolicy { table.policy }

  /// Applies the text of a log entry.
  mutating func apply(entry text: Span<UInt8>) throws(SnapshotFault) {
    try apply(LogEntry.decode(text, as: format))
  }

  mutating func apply(_ entry: LogEntry) throws(SnapshotFault) {
    if undecoded == nil { try table.apply(entry) } else { try undecoded?.apply(entry) }
  }

  /// Decodes all records, unless that is done.
  mutating func decode() throws(TokenVaultError) {
    guard let decoded = try undecoded?.decoded() else { return }
    (table, undecoded) = (decoded, nil)
  }

  /// A thread has begun to decode the records.
  mutating func markDecodingBegun() { undecoded?.markDecodingBegun() }

  /// Goes on with records that a thread has decoded, unless they are another file's.
  mutating func adopt(_ decoded: consuming DecodedSnapshot) {
    guard let undecoded, (try? decoded.catchUp(with: undecoded)) != nil else { return }
    (table, self.undecoded) = (decoded.table, nil)
  }

  /// Goes on with those of a transaction on the same file, which may have begun before a thread had decoded the records.
  mutating func advance(to newer: StoredRecords) {
    guard isDecoded, let snapshot = newer.undecoded, (try? table.apply(snapshot.logEntry())) != nil
    else {
      self = newer
      return
    }
  }

  /// All records, with these changes, to be written without decoding them; nil if they are decoded.
  mutating func merge(with changes: LogEntry) throws(TokenVaultError) -> SnapshotMerge? {
    try undecoded?.merge(with: changes)
  }

  /// The records that the query fits.
  mutating func find(_ query: TokenQuery) throws(TokenVaultError) -> TokenMatch {
    if var some = try undecoded?.table(for: [query]) { return some.match(query) }
    try decode()
    return table.match(query)
  }

  /// A table in which these records can be saved, with all others that these queries fit; nil if that is `table`, or
  /// takes as long as decoding it.
  mutating func table(
    for queries: [TokenQuery], saving tokens: [OAuthToken]
  ) throws(TokenVaultError) -> TokenTable? {
    try undecoded?.table(for: queries, saving: tokens)
  }
}

extension TokenTable {
  /// Applies a log entry; after an error the caller discards the table.
  mutating func apply(_ entry: LogEntry) throws(SnapshotFault) {
    do { try apply(entry.tokens, nextID: entry.nextID) } catch {
      throw .inconsistent(error.place)
    }
  }
}
