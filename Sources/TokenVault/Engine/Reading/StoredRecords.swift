/// The records of a vault as they were read.
///
/// Those of a large snapshot stay sealed at first, because its index finds a few sooner than decoding finds all. They
/// are decoded once that would have been quicker, and before work that needs all of them.
struct StoredRecords: Sendable {
  /// The decoded records; before `decode`, none.
  var table: TokenTable
  private var undecoded: LazySnapshot?
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
  /// Whether decoding them all pays from now on.
  var isWorthDecoding: Bool { undecoded?.isSpent ?? false }

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
