internal import VaultCrypto

/// The text that a snapshot seals: lines with the next id and the limits, an empty line, and the records in the vault's
/// format.
struct SnapshotContents {
  private static let nextIDName = "next-id"
  private static let noLimit = "none"

  let nextID: UInt64
  let policy: RetentionPolicy
  /// The offset of the records in the text, in bytes.
  let recordsStart: Int

  /// The preamble: what is before the records.
  static func preamble(of table: TokenTable) -> [UInt8] {
    let limits = RetentionPolicy.Limit.allCases.map { limit in
      "\(limit.rawValue) \(table.policy[limit].map(String.init) ?? noLimit)\n"
    }
    return Array("\(nextIDName) \(table.nextID)\n\(limits.joined())\n".utf8)
  }

  /// The number of records in a well-formed text of so many lines.
  static func recordCount(_ count: LineCount) -> Int {
    // The lines before the records: the next id, the limits, the empty one, and the header row of CSV.
    max(0, count.lines - RetentionPolicy.Limit.allCases.count - (count.format == .csv ? 3 : 2))
  }

  /// Parses the preamble of a text.
  init(_ text: Span<UInt8>) throws(SnapshotFault) {
    let (lines, end) = try Preamble.lines(of: text)
    let limits = RetentionPolicy.Limit.allCases
    guard lines.count == 1 + limits.count,
      let number = Preamble.number(
        try Preamble.value(of: Self.nextIDName, lines[0]), 0...TokenTable.counterLimit)
    else { throw .preamble }
    var policy = RetentionPolicy()
    for (limit, line) in zip(limits, lines.dropFirst()) {
      let text = try Preamble.value(of: limit.rawValue, line)
      if text == Self.noLimit { continue }
      guard let seconds = Preamble.number(text, 1...Int(RetentionPolicy.secondsLimit)) else {
        throw .preamble
      }
      policy[limit] = Int64(seconds)
    }
    (nextID, self.policy, recordsStart) = (UInt64(number), policy, end)
  }
}
