internal import VaultCrypto

/// Compares the summaries of a log with its entries, as both are read in order.
struct SummaryCheck {
  private let hash: IndexHash
  private let format: RecordFormat
  /// What the next summary must be.
  private var expected = ExtentSummary()

  init(_ hash: IndexHash, as format: RecordFormat) { (self.hash, self.format) = (hash, format) }

  /// Adds an entry or compares a summary, which was opened.
  ///
  /// - Parameters:
  ///   - text: Its plaintext.
  ///   - offset: Where in its extent it begins, in bytes.
  ///   - tag: Its tag.
  /// - Throws: `SnapshotFault.inconsistent` if a summary does not fit the entries of the extent before.
  mutating func add(
    _ kind: LogFrame.Kind, _ text: SecretBytes, at offset: Int64, tag: [UInt8]
  ) throws(SnapshotFault) {
    switch kind {
    case .entry:
      let format = format
      let entry = try text.withSpan { (span) throws(SnapshotFault) in
        try LogEntry.decode(span, as: format)
      }
      expected.add(at: offset, tag: tag, nextID: entry.nextID, entry.tokens, hash)
    case .summary:
      let isRight = text.withSpan { $0.array } == expected.encode()
      expected = ExtentSummary(behind: tag)
      if !isRight { throw .inconsistent("a summary in its log does not fit the entries before it") }
    }
  }
}
