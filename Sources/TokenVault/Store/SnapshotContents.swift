internal import VaultCrypto

/// What a snapshot seals: a line with the next id, an empty line, and the records in the vault's format.
enum SnapshotContents {
  private static let nextIDName = "next-id "

  /// The text of a table; the caller cleanses it.
  static func encode(_ table: TokenTable, as format: RecordFormat) -> [UInt8] {
    var records = format.encode(table.tokens)
    defer { records.cleanse() }
    let start = Array("\(nextIDName)\(table.nextID)\n\n".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(start.count + records.count)
    text += start
    text += records
    return text
  }

  /// The table of a text, or what is wrong with it.
  static func decode(
    _ text: Span<UInt8>, as format: RecordFormat
  ) throws(SnapshotFault) -> TokenTable {
    let start = text.extracting(0..<min(text.count, 64)).array
    guard let lineEnd = start.firstIndex(of: 0x0A), start[lineEnd...].starts(with: [0x0A, 0x0A]),
      start.starts(with: nextIDName.utf8),
      let nextID = UInt64(String(decoding: start[nextIDName.utf8.count..<lineEnd], as: UTF8.self)),
      let epoch = Timestamp(millisecondsSince1970: 0)
    else { throw .preamble }
    do {
      let records = text.extracting(lineEnd + 2..<text.count)
      return TokenTable(tokens: try format.decode(records, now: epoch), nextID: nextID)
    } catch {
      throw .records(error)
    }
  }
}

/// Why an authentic snapshot is not understood: it was written by a program with a fault.
enum SnapshotFault: Error {
  case preamble
  case records(RecordError)

  var place: String {
    switch self {
    case .preamble: "its records do not begin with the next id"
    case .records(let error): "its records: \(error)"
    }
  }
}
