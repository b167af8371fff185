internal import VaultCrypto

/// The text that a log entry seals: a line with the next id, an empty line, and the records that one commit has changed,
/// as they are from then on, in the vault's format.
struct LogEntry {
  let nextID: UInt64
  let tokens: [OAuthToken]

  /// The text; the caller cleanses it.
  func encode(as format: RecordFormat) -> [UInt8] {
    var records = format.encode(tokens)
    defer { records.cleanse() }
    var text = Preamble.nextID
    text += String(nextID).utf8
    text += [0x0A, 0x0A]
    // Before the records are in it: memory that grows leaves copies behind.
    text.reserveCapacity(text.count + records.count)
    text += records
    return text
  }

  /// What has changed in a table.
  init(changesOf table: TokenTable) {
    self.init(nextID: table.nextID, tokens: table.changedTokens)
  }

  init(nextID: UInt64, tokens: [OAuthToken]) { (self.nextID, self.tokens) = (nextID, tokens) }

  /// Parses the text of a log entry.
  static func decode(
    _ text: Span<UInt8>, as format: RecordFormat
  ) throws(SnapshotFault) -> LogEntry {
    var preamble = Preamble()
    let nextID = try preamble.nextID(in: text)
    guard preamble.skip([0x0A], in: text) else { throw .preamble }
    let records = text.extracting(preamble.place...)
    return LogEntry(
      nextID: nextID, tokens: try SnapshotFault.wrap(records: format.decode(stored: records)))
  }
}
