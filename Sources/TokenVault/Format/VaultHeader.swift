internal import VaultCrypto

/// The text at the start of a vault, which a person can read; FileFormat has its grammar.
struct VaultHeader: Sendable, Equatable {
  /// The version of the format that this program reads and writes.
  static let version = "1"
  /// The most bytes of a header; a longer one is refused before it is parsed.
  static let sizeLimit = 65_536
  /// The highest generation there is: 10^15.
  static let generationLimit: UInt64 = 1_000_000_000_000_000
  /// The sizes that an extent of the log area may have, in bytes, if they are multiples of ``logExtentUnit``.
  static let logExtents: ClosedRange<UInt64> = logExtentUnit...1 << 30
  static let logExtentUnit: UInt64 = 4096
  /// The extent of a new vault: larger ones make the slowest saves slower.
  static let standardLogExtent: UInt64 = 262_144

  /// Names the store for its whole life.
  var store: StoreID
  /// The encoding of the records.
  var format: RecordFormat
  /// The generation of the snapshot, from 1; the log entries count on from it. A replacement of the file raises it
  /// above every generation that was seen.
  var generation: UInt64
  /// Where in the log a compaction has written the snapshot; nil for every other snapshot.
  var after: CompactionPoint?
  /// Bytes of an extent of the log area: a multiple of 4,096 within ``logExtents``.
  var logExtent = Self.standardLogExtent
  /// Names the DEK.
  var dataKeyID: DataKeyID
  /// When the DEK was made.
  var dataKeyMade: Timestamp
  var slots: [KeySlot]

  /// The header's bytes, its end line and digest included.
  func encode() throws(CryptoError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    let after = after.map { "\($0.generation) \(Hexadecimal.encode($0.tag))" }
    bytes += "tokenvault \(Self.version)\nstore \(store.text)\nformat \(format.rawValue)\n".utf8
    bytes += "generation \(generation)\nafter \(after ?? "none")\nfeatures none\n".utf8
    bytes += "log-extent \(logExtent)\ndata-key \(dataKeyID.text) \(dataKeyMade)\n".utf8
    for slot in slots {
      slot.appendLine(to: &bytes)
      bytes.append(0x0A)
    }
    let digest = try Digest.sha256(bytes.span)
    bytes += "end ".utf8
    Hexadecimal.append(digest, to: &bytes)
    bytes.append(0x0A)
    return bytes
  }
}
