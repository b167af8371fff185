internal import VaultCrypto

/// What a snapshot seals: lines with the next id and the policy's limits, an empty line, and the records in the
/// vault's format.
enum SnapshotContents {
  private static let nextIDName = "next-id"
  private static let noLimit = "none"
  /// More than all lines before the records can have.
  private static let preambleLimit = 256

  /// The text of a table; the caller cleanses it.
  static func encode(_ table: TokenTable, as format: RecordFormat) -> [UInt8] {
    var records = format.encode(Array(table.tokens))
    defer { records.cleanse() }
    let limits = VaultPolicy.Limit.allCases.map { limit in
      "\(limit.rawValue) \(table.policy[limit].map(String.init) ?? noLimit)\n"
    }
    let start = Array("\(nextIDName) \(table.nextID)\n\(limits.joined())\n".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(start.count + records.count)
    text += start
    text += records
    return text
  }

  /// How many records a text of so many lines has that is as `encode` makes it.
  static func recordCount(_ count: LineCount) -> Int {
    // The lines before the records: the next id, the limits, the empty one, and the header row of CSV.
    max(0, count.lines - VaultPolicy.Limit.allCases.count - (count.format == .csv ? 3 : 2))
  }

  /// The table of a text, or what is wrong with it.
  static func decode(
    _ text: Span<UInt8>, as format: RecordFormat
  ) throws(SnapshotFault) -> TokenTable {
    let start = text.extracting(0..<min(text.count, preambleLimit)).array
    guard
      let end = start.indices.dropLast().first(where: { start[$0...].starts(with: "\n\n".utf8) })
    else { throw .preamble }
    let (nextID, policy) = try decode(preamble: String(decoding: start[..<end], as: UTF8.self))
    var table: TokenTable
    do {
      let records = text.extracting(end + 2..<text.count)
      table = TokenTable(
        tokens: PersistentArray(try format.decode(stored: records)), nextID: nextID, policy: policy)
    } catch {
      throw .records(error)
    }
    if let inconsistency = table.inconsistency() { throw .inconsistent(inconsistency) }
    return table
  }

  private static func decode(
    preamble: String
  ) throws(SnapshotFault) -> (nextID: UInt64, policy: VaultPolicy) {
    let lines = preamble.split(separator: "\n", omittingEmptySubsequences: false)
    let limits = VaultPolicy.Limit.allCases
    guard lines.count == 1 + limits.count,
      let nextID = number(try value(of: nextIDName, lines[0]), 0...TokenTable.counterLimit)
    else { throw .preamble }
    var policy = VaultPolicy()
    for (limit, line) in zip(limits, lines.dropFirst()) {
      let text = try value(of: limit.rawValue, line)
      if text == noLimit { continue }
      guard let seconds = number(text, 1...Int(VaultPolicy.secondsLimit)) else { throw .preamble }
      policy[limit] = Int64(seconds)
    }
    return (UInt64(nextID), policy)
  }

  /// What follows a line's name and one blank.
  private static func value(
    of name: String, _ line: Substring
  ) throws(SnapshotFault) -> String {
    guard line.utf8.starts(with: "\(name) ".utf8) else { throw .preamble }
    return String(decoding: line.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
  }

  private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
    Int(text).flatMap { String($0) == text && range.contains($0) ? $0 : nil }
  }
}

/// Why an authentic snapshot is not understood: it was written by a program with a fault.
enum SnapshotFault: Error {
  case preamble
  case records(RecordError)
  case inconsistent(String)

  var place: String {
    switch self {
    case .preamble: "its records do not begin with the next id and the limits"
    case .records(let error): "its records: \(error)"
    case .inconsistent(let what): what
    }
  }
}
