/// Parses a snapshot's text piece by piece: the preamble, then the records.
struct SnapshotReader {
  private var contents: SnapshotContents?
  private var records: StoredRecordReader

  init(as format: RecordFormat) { records = StoredRecordReader(format) }

  /// Parses the next piece; the first one has the whole preamble.
  mutating func add(_ text: Span<UInt8>) throws(SnapshotFault) {
    var start = 0
    if contents == nil {
      let contents = try SnapshotContents(text)
      (self.contents, start) = (contents, contents.recordsStart)
    }
    try SnapshotFault.wrap(records: records.add(text.extracting(start...)))
  }

  /// The table, after the last piece.
  mutating func finish() throws(SnapshotFault) -> TokenTable {
    guard let contents else { throw .preamble }
    let tokens = try SnapshotFault.wrap(records: records.finish())
    var table = TokenTable(tokens: tokens, nextID: contents.nextID, policy: contents.policy)
    if let inconsistency = table.inconsistency() { throw .inconsistent(inconsistency) }
    return table
  }

  mutating func cleanse() { records.cleanse() }
}
