internal import VaultCrypto

/// Parses a snapshot's text piece by piece: the preamble, then the records.
struct SnapshotReader {
  private var contents: SnapshotContents?
  private var records: StoredRecordReader

  init(as format: RecordFormat) { records = StoredRecordReader(format) }

  /// Parses the next piece; the first one has the whole preamble. Calls `body` with each record and the offset in the text
  /// where it begins.
  mutating func add(
    _ text: Span<UInt8>, _ body: (OAuthToken, Int) -> Void = { _, _ in }
  ) throws(SnapshotFault) {
    var start = 0
    if contents == nil {
      let contents = try SnapshotContents(text)
      (self.contents, start) = (contents, contents.recordsStart)
    }
    let recordsStart = contents?.recordsStart ?? 0
    try SnapshotFault.wrap(
      records: records.add(text.extracting(start...)) { body($0, recordsStart + $1) })
  }

  /// The table, after the last piece.
  mutating func finish(
    _ body: (OAuthToken, Int) -> Void = { _, _ in }
  ) throws(SnapshotFault) -> TokenTable {
    guard let contents else { throw .preamble }
    let tokens = try SnapshotFault.wrap(
      records: records.finish { body($0, contents.recordsStart + $1) })
    var table = TokenTable(tokens: tokens, nextID: contents.nextID, policy: contents.policy)
    if let inconsistency = table.inconsistency() { throw .inconsistent(inconsistency) }
    return table
  }

  mutating func cleanse() { records.cleanse() }
}
