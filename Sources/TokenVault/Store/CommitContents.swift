internal import VaultCrypto

/// What a commit seals: a line with the next id, an empty line, and the records of one save, as they are from then
/// on, in the vault's format.
enum CommitContents {
  private static let nextIDName = "next-id"

  /// What a commit says.
  struct Commit {
    let nextID: UInt64
    let tokens: [OAuthToken]
  }

  /// The text of what has changed in a table; the caller cleanses it.
  static func encode(_ table: TokenTable, as format: RecordFormat) -> [UInt8] {
    var records = format.encode(table.changedTokens)
    defer { records.cleanse() }
    let start = Array("\(nextIDName) \(table.nextID)\n\n".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(start.count + records.count)
    text += start
    text += records
    return text
  }

  /// What a text says, or what is wrong with it.
  static func decode(
    _ text: Span<UInt8>, as format: RecordFormat
  ) throws(SnapshotFault) -> Commit {
    let (lines, start) = try Preamble.lines(of: text)
    guard lines.count == 1,
      let nextID = Preamble.number(
        try Preamble.value(of: nextIDName, lines[0]), 0...TokenTable.counterLimit)
    else { throw .preamble }
    do {
      let tokens = try format.decode(stored: text.extracting(start..<text.count))
      return Commit(nextID: UInt64(nextID), tokens: tokens)
    } catch {
      throw .records(error)
    }
  }
}
