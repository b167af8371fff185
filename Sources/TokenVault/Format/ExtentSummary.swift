internal import VaultCrypto

/// What one extent of a log has: the place and the tag of each entry, and the keyed hashes of the records' keys, so that
/// a record is found in a long log without opening the other entries.
struct ExtentSummary: Sendable {
  /// Bytes before the entries: a tag, the next id, and two counts.
  static let headSize = LogFrame.tagSize + 16

  /// The tag of the summary that the extent begins with; zeros for the first extent.
  let tagBefore: [UInt8]
  /// The tag of the last entry, or ``tagBefore``: a summary goes on behind no other entry.
  private(set) var lastTag: [UInt8]
  /// The next id after the last entry.
  private var nextID: UInt64 = 0
  private var count: UInt64 = 0
  /// The place of each entry in its extent, and its tag, as the text has them.
  private var entries: [UInt8] = []
  /// Hash and number of the entry in the extent, from 0.
  private var keys: [UInt64] = []

  /// No entries behind the summary with this tag, or at the beginning of the log.
  init(behind tagBefore: [UInt8] = [UInt8](repeating: 0, count: LogFrame.tagSize)) {
    (self.tagBefore, lastTag) = (tagBefore, tagBefore)
  }

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
    entries.append(half: UInt32(clamping: offset))
    entries += tag
    let number = count
    for token in tokens {
      token.forEachSearchKey { kind, text, client in
        keys.append(UInt64(hash.value(kind, text, client: client)) << 32 | number)
      }
    }
    (self.nextID, lastTag, count) = (nextID, tag, count + 1)
  }

  /// The text that the summary seals.
  func encode() -> [UInt8] {
    var bytes = tagBefore
    bytes.reserveCapacity(Self.headSize + entries.count + keys.count * 8)
    bytes.append(word: nextID)
    bytes.append(word: count << 32 | UInt64(keys.count))
    bytes += entries
    for key in keys.sorted() { bytes.append(word: key) }
    return bytes
  }
}
