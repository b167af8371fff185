internal import VaultCrypto

/// The text that a snapshot seals: lines with the next id and the limits, an empty line, and the records in the vault's
/// format.
struct SnapshotContents {
  let nextID: UInt64
  let policy: RetentionPolicy
  /// The offset of the records in the text, in bytes.
  let recordsStart: Int

  /// The preamble: what is before the records.
  static func preamble(of table: TokenTable) -> [UInt8] {
    let limits = RetentionPolicy.Limit.allCases.map { limit in
      "\(limit.rawValue) \(table.policy[limit].map(String.init) ?? "none")\n"
    }
    return Preamble.nextID + Array("\(table.nextID)\n\(limits.joined())\n".utf8)
  }

  /// Parses the preamble of a text.
  init(_ text: Span<UInt8>) throws(SnapshotFault) {
    var preamble = Preamble()
    nextID = try preamble.nextID(in: text)
    var policy = RetentionPolicy()
    for limit in RetentionPolicy.Limit.allCases {
      if preamble.skip(Array("\(limit.rawValue) none\n".utf8), in: text) { continue }
      let start = Array("\(limit.rawValue) ".utf8)
      policy[limit] = Int64(
        try preamble.number(start, 1...Int(RetentionPolicy.secondsLimit), in: text))
    }
    guard preamble.skip([0x0A], in: text) else { throw .preamble }
    (self.policy, recordsStart) = (policy, preamble.place)
  }
}
