internal import VaultCrypto

/// A snapshot's text, and what was committed since.
struct LazySnapshot: Sendable {
  /// What a look-up comes to.
  enum Answer {
    case found(TokenMatch)
    /// That is to be told from the decoded records.
    case unclear
  }

  private let text: SecretBytes
  private let contents: SnapshotContents
  private let format: RecordFormat
  /// In their order.
  private(set) var commits: [LogEntry] = []
  /// The records of the commits by their ids, as the last one has them.
  private var newest: [ExactText: OAuthToken] = [:]
  private var scans = 0

  /// So much is decoded at once: 64 KiB, which is more than stands before the records.
  private static let pieceSize = 65_536
  /// After so many scans it would have been quicker to decode all records.
  private static let scanLimit = 4

  init(_ text: SecretBytes, _ contents: SnapshotContents, _ format: RecordFormat) {
    (self.text, self.contents, self.format) = (text, contents, format)
  }

  /// Takes in what was committed next.
  mutating func add(_ commit: LogEntry) {
    commits.append(commit)
    for token in commit.tokens { newest[ExactText(token.id ?? "")] = token }
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

  /// Looks for a record without decoding the others.
  mutating func find(_ query: TokenQuery) -> Answer {
    guard let key = query.key else { return .found(.none) }
    guard scans < Self.scanLimit else { return .unclear }
    scans += 1
    let committed = newest.values.filter { token in
      token[key.field].map(ExactText.init) == ExactText(key.text)
    }
    guard let stored = scan(key.field, key.text) else { return .unclear }
    let untouched = stored.filter { newest[ExactText($0.id ?? "")] == nil }
    // Which is the oldest would have to be told from their places.
    guard committed.isEmpty || committed.count + untouched.count == 1 else { return .unclear }
    var table = TokenTable(tokens: CopyOnWriteBlocks(untouched + committed))
    return .found(table.match(query))
  }

  private func scan(_ field: TokenField, _ value: String) -> [OAuthToken]? {
    text.withSpan { span in
      StoredRecordScan.records(
        in: span.extracting(contents.recordsStart..<span.count), as: format, whose: field,
        is: value)
    }
  }
}
