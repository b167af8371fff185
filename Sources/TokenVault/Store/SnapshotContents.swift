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

  /// How many records a text of so many lines has that is as `encode` makes it.
  static func recordCount(_ count: LineCount) -> Int {
    // The two lines before the records, and the header row of CSV.
    max(0, count.lines - (count.format == .csv ? 3 : 2))
  }

  /// The table of a text, or what is wrong with it.
  static func decode(
    _ text: Span<UInt8>, as format: RecordFormat
  ) throws(SnapshotFault) -> TokenTable {
    let start = text.extracting(0..<min(text.count, 64)).array
    guard let lineEnd = start.firstIndex(of: 0x0A), start[lineEnd...].starts(with: [0x0A, 0x0A]),
      start.starts(with: nextIDName.utf8)
    else { throw .preamble }
    let number = String(decoding: start[nextIDName.utf8.count..<lineEnd], as: UTF8.self)
    guard let nextID = UInt64(number), String(nextID) == number, nextID <= TokenTable.counterLimit
    else { throw .preamble }
    let table: TokenTable
    do {
      let records = text.extracting(lineEnd + 2..<text.count)
      table = TokenTable(tokens: try format.decode(stored: records), nextID: nextID)
    } catch {
      throw .records(error)
    }
    if let inconsistency = table.inconsistency { throw .inconsistent(inconsistency) }
    return table
  }
}

/// Why an authentic snapshot is not understood: it was written by a program with a fault.
enum SnapshotFault: Error {
  case preamble
  case records(RecordError)
  case inconsistent(String)

  var place: String {
    switch self {
    case .preamble: "its records do not begin with the next id"
    case .records(let error): "its records: \(error)"
    case .inconsistent(let what): what
    }
  }
}
