internal import VaultCrypto

/// The text that a log entry seals: a line with the next id, an empty line, and the records that one commit has changed,
/// as they are from then on, in the vault's format.
struct LogEntry {
  let nextID: UInt64
  let tokens: [OAuthToken]

  private static let nextIDStart = Array("next-id ".utf8)
  private static let end = Array("\n\n".utf8)

  /// The text of what has changed in a table; the caller cleanses it.
  static func encode(_ table: TokenTable, as format: RecordFormat) -> [UInt8] {
    var records = format.encode(table.changedTokens)
    defer { records.cleanse() }
    let number = Array(String(table.nextID).utf8)
    var text: [UInt8] = []
    text.reserveCapacity(nextIDStart.count + number.count + end.count + records.count)
    text += nextIDStart
    text += number
    text += end
    text += records
    return text
  }

  /// Parses the text of a log entry.
  static func decode(
    _ text: Span<UInt8>, as format: RecordFormat
  ) throws(SnapshotFault) -> LogEntry {
    let (nextID, start) = try nextID(text)
    do {
      let tokens = try format.decode(stored: text.extracting(start..<text.count))
      return LogEntry(nextID: UInt64(nextID), tokens: tokens)
    } catch {
      throw .records(error)
    }
  }

  /// The next id, and where the records begin. By bytes: a vault may have thousands of log entries.
  private static func nextID(_ text: Span<UInt8>) throws(SnapshotFault) -> (Int, Int) {
    guard text.has(nextIDStart.span, at: 0) else { throw .preamble }
    var (number, place) = (0, nextIDStart.count)
    while place < text.count, case let digit = Int(text[place]) - 48, (0...9).contains(digit),
      number <= TokenTable.counterLimit
    {
      (number, place) = (10 * number + digit, place + 1)
    }
    let digits = place - nextIDStart.count
    let isCanonical = digits == 1 || digits > 1 && text[nextIDStart.count] != UInt8(ascii: "0")
    guard isCanonical, number <= TokenTable.counterLimit, text.has(end.span, at: place) else {
      throw .preamble
    }
    return (number, place + end.count)
  }
}
