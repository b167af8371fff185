internal import VaultCrypto

/// What one extent of a log has: the place and the tag of each entry, and the keyed hashes of the records' keys, so that
/// a record is found in a long log without opening the other entries.
struct ExtentSummary {
  /// Bytes before the entries: a tag, the next id, and two counts.
  static let headSize = LogFrame.tagSize + 16

  /// The tag of the summary that the extent begins with; zeros for the first extent.
  var tagBefore = [UInt8](repeating: 0, count: LogFrame.tagSize)
  /// The next id after the last entry.
  private var nextID: UInt64 = 0
  /// The place of each entry in its extent, and its tag.
  private var entries: [(offset: UInt32, tag: [UInt8])] = []
  /// Hash and number of the entry in the extent, from 0.
  private var keys: [UInt64] = []

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - offset: Where in the extent it begins, in bytes.
  ///   - tag: Its tag.
  ///   - nextID: Its next id.
  ///   - tokens: Its records.
  ///   - hash: The keyed hashes of the snapshot's index.
  mutating func add(
    at offset: Int64, tag: [UInt8], nextID: UInt64, _ tokens: [OAuthToken], _ hash: IndexHash
  ) {
    let number = UInt64(entries.count)
    entries.append((UInt32(clamping: offset), tag))
    self.nextID = nextID
    for token in tokens {
      token.forEachSearchKey { kind, text, client in
        keys.append(UInt64(hash.value(kind, text, client: client)) << 32 | number)
      }
    }
  }

  /// The text that the summary seals.
  func encode() -> [UInt8] {
    var bytes = tagBefore
    bytes.reserveCapacity(
      Self.headSize + entries.count * (4 + LogFrame.tagSize) + keys.count * 8)
    bytes.append(word: nextID)
    bytes.append(word: UInt64(entries.count) << 32 | UInt64(keys.count))
    for entry in entries {
      bytes.append(half: entry.offset)
      bytes += entry.tag
    }
    for key in keys.sorted() { bytes.append(word: key) }
    return bytes
  }
}
