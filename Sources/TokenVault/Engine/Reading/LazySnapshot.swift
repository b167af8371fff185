internal import VaultCrypto

/// A snapshot as text, and the log entries behind it.
struct LazySnapshot: Sendable {
  private let text: SecretBytes
  private let contents: SnapshotContents
  private let format: RecordFormat
  /// The log entries in their order.
  private(set) var entries: [LogEntry] = []
  /// The records of the log entries by their ids, as the last entry has them.
  private var newest: [ExactText: OAuthToken] = [:]
  private var scans = 0

  /// How much is decoded at once: 64 KiB, more than the preamble before the records.
  private static let pieceSize = 65_536
  /// After this many scans, decoding all records would have been quicker.
  private static let scanLimit = 4

  init(_ text: SecretBytes, _ contents: SnapshotContents, _ format: RecordFormat) {
    (self.text, self.contents, self.format) = (text, contents, format)
  }

  mutating func add(_ entry: LogEntry) {
    entries.append(entry)
    for token in entry.tokens { newest[ExactText(token.id ?? "")] = token }
  }

  /// The table of the snapshot alone.
  func table() throws(SnapshotFault) -> TokenTable {
    try text.withSpan { (span) throws(SnapshotFault) in
      var reader = SnapshotReader(as: format)
      defer { reader.cleanse() }
      for start in stride(from: 0, to: span.count, by: Self.pieceSize) {
        try reader.add(span.extracting(start..<min(start + Self.pieceSize, span.count)))
      }
      return try reader.finish()
    }
  }

  /// Finds a record without decoding the others; nil if only the decoded records can tell.
  mutating func find(_ query: TokenQuery) -> TokenMatch? {
    guard let key = query.key else { return TokenMatch.none }
    guard scans < Self.scanLimit else { return nil }
    scans += 1
    let logged = newest.values.filter { $0.has(key.text, in: key.field) }
    guard let stored = scan(key.field, key.text) else { return nil }
    let untouched = stored.filter { newest[ExactText($0.id ?? "")] == nil }
    // Only their positions tell which is the oldest.
    guard logged.isEmpty || logged.count + untouched.count == 1 else { return nil }
    var table = TokenTable(tokens: CopyOnWriteBlocks(untouched + logged))
    return table.match(query)
  }

  private func scan(_ field: TokenField, _ value: String) -> [OAuthToken]? {
    text.withSpan { span in
      StoredRecordScan.records(
        in: span.extracting(contents.recordsStart..<span.count), as: format, whose: field,
        is: value)
    }
  }
}
