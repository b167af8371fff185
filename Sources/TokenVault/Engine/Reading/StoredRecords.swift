internal import VaultCrypto

/// The records of a vault as they were read.
///
/// The records of a large snapshot stay text at first, because a scan finds one record sooner than decoding finds all.
/// They are decoded after some scans, and before anything is changed.
struct StoredRecords: Sendable {
  /// The decoded records; without any before `decode`.
  var table: TokenTable
  private var undecoded: LazySnapshot?
  private let format: RecordFormat

  /// The records of a table that was written in this format.
  init(_ table: TokenTable, as format: RecordFormat) { (self.table, self.format) = (table, format) }

  /// The records of a snapshot's text, which are not decoded yet.
  init(_ text: SecretBytes, as format: RecordFormat) throws(SnapshotFault) {
    let contents = try text.withSpan { (span) throws(SnapshotFault) in
      try SnapshotContents(span)
    }
    self.format = format
    table = TokenTable(nextID: contents.nextID, policy: contents.policy)
    undecoded = LazySnapshot(text, contents, format)
  }

  /// Whether `table` has the records.
  var isDecoded: Bool { undecoded == nil }

  /// What ends a record.
  var policy: RetentionPolicy { table.policy }

  /// Applies the text of a log entry.
  mutating func apply(entry text: Span<UInt8>) throws(SnapshotFault) {
    let entry = try LogEntry.decode(text, as: format)
    if undecoded == nil { try table.apply(entry) } else { undecoded?.add(entry) }
  }

  /// Decodes all records, unless that is done.
  mutating func decode() throws(SnapshotFault) {
    guard let undecoded else { return }
    var decoded = try undecoded.table()
    for entry in undecoded.entries { try decoded.apply(entry) }
    (table, self.undecoded) = (decoded, nil)
  }

  /// The records that the query fits.
  mutating func find(_ query: TokenQuery) throws(SnapshotFault) -> TokenMatch {
    if let match = undecoded?.find(query) { return match }
    try decode()
    return table.match(query)
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
