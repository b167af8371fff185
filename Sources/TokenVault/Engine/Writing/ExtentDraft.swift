internal import VaultCrypto

/// The summary of a log's last extent as far as a store has written it, so that the next extent begins without reading the
/// entries again: each summary would cost the opening and decoding of some 370 entries.
struct ExtentDraft: Sendable {
  private var summary: ExtentSummary
  private let hash: IndexHash

  /// No entries, in the extent in which a log's first or next entry begins.
  init(
    _ log: LogPosition, _ header: VaultHeader, _ dataKey: DataKey
  ) throws(CryptoError) {
    summary = ExtentSummary(behind: log.chain.lastTag)
    hash = try IndexHash(dataKey, header.store, snapshotSalt: log.chain.snapshotSalt)
  }

  /// Goes on with no entries in the next extent of the same log.
  mutating func begin(behind log: LogPosition) {
    summary = ExtentSummary(behind: log.chain.lastTag)
  }

  /// Adds the entry at the end of a log, which `next` is behind; false if entries are before it that are not in the draft.
  mutating func add(_ entry: LogEntry, at log: LogPosition, _ next: LogPosition) -> Bool {
    guard summary.lastTag == log.chain.lastTag else { return false }
    summary.add(
      at: log.offsetInExtent, tag: next.chain.lastTag, nextID: entry.nextID, entry.tokens, hash)
    return true
  }

  /// The text of the summary, if the draft has all entries of the last extent up to the end of this log.
  func text(of log: LogPosition) -> [UInt8]? {
    summary.lastTag == log.chain.lastTag ? summary.encode() : nil
  }
}
