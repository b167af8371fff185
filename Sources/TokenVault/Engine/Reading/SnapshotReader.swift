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
    do { try records.add(text.extracting(start..<text.count)) } catch { throw .records(error) }
  }

  /// The table, after the last piece.
  mutating func finish() throws(SnapshotFault) -> TokenTable {
    guard let contents else { throw .preamble }
    let tokens: CopyOnWriteBlocks<OAuthToken>
    do { tokens = try records.finish() } catch { throw .records(error) }
    var table = TokenTable(tokens: tokens, nextID: contents.nextID, policy: contents.policy)
    if let inconsistency = table.inconsistency() { throw .inconsistent(inconsistency) }
    return table
  }

  /// Overwrites what is left of the text.
  mutating func cleanse() { records.cleanse() }
}
