internal import VaultCrypto

/// The records of a vault as they were read.
///
/// Those of a large snapshot stay text at first: whoever looks for one record has it sooner by a scan. They are
/// decoded once so much is asked that it pays, and before anything is changed.
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

  /// Takes in what a commit says.
  mutating func take(commit text: Span<UInt8>) throws(SnapshotFault) {
    let commit = try LogEntry.decode(text, as: format)
    if undecoded == nil { try table.apply(commit) } else { undecoded?.add(commit) }
  }

  /// Decodes all records, unless that is done.
  mutating func decode() throws(SnapshotFault) {
    guard let undecoded else { return }
    var decoded = try undecoded.table()
    for commit in undecoded.commits { try decoded.apply(commit) }
    (table, self.undecoded) = (decoded, nil)
  }

  /// The records that the query fits.
  mutating func find(_ query: TokenQuery) throws(SnapshotFault) -> TokenMatch {
    if case .found(let match) = undecoded?.find(query) { return match }
    try decode()
    return table.match(query)
  }
}

extension TokenTable {
  /// Takes in what a commit says; after an error the table is of no use.
  mutating func apply(_ commit: LogEntry) throws(SnapshotFault) {
    do { try apply(commit.tokens, nextID: commit.nextID) } catch {
      throw .inconsistent(error.place)
    }
  }
}
