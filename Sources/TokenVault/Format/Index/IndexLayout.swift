internal import VaultCrypto

/// The head of an index, and where its parts are in its plaintext: the head, the entries, and zeros, so that the length
/// tells no count.
struct IndexLayout: Sendable, Equatable {
  /// Bytes of the head: the number of records, that of entries, and the bytes of the snapshot's plaintext, 8 bytes each.
  static let headSize = 24
  /// Bytes of a hash in an entry.
  static let hashSize = 4

  /// The number of records in the snapshot.
  let records: Int
  /// The number of keys of all records.
  let entries: Int
  /// Bytes of the snapshot's plaintext.
  let textSize: Int

  init(records: Int, entries: Int, textSize: Int) {
    (self.records, self.entries, self.textSize) = (records, entries, textSize)
  }

  /// The layout that an authentic index begins with; nil if it is not behind a snapshot with so many bytes of plaintext.
  init?(_ text: Span<UInt8>, textSize: Int) {
    guard text.count >= Self.headSize, text.word(at: 16) == UInt64(textSize),
      let records = Int(exactly: text.word(at: 0)), let entries = Int(exactly: text.word(at: 8)),
      // Each record has an id, takes at least a byte, and has at most one key of each kind.
      records <= entries, records <= textSize,
      entries <= records * SearchKey.Kind.allCases.count
    else { return nil }
    self.init(records: records, entries: entries, textSize: textSize)
  }

  /// The head as it stands in the plaintext.
  var head: [UInt8] {
    var bytes: [UInt8] = []
    for number in [records, entries, textSize] { bytes.append(word: UInt64(number)) }
    return bytes
  }

  /// Bytes of an offset: as few as every place in the snapshot's plaintext takes, and at least 4.
  var offsetSize: Int { max(4, (71 - UInt64(textSize).leadingZeroBitCount) / 8) }
  var entrySize: Int { Self.hashSize + offsetSize }
  /// Where the entries end, in bytes of the plaintext.
  var entriesEnd: Int { Self.headSize + entries * entrySize }

  /// Bytes of the plaintext: the smallest multiple of a tenth of the snapshot's that holds the entries.
  var size: Int {
    let unit = Self.unit(textSize)
    return (entriesEnd + unit - 1) / unit * unit
  }

  /// How many bytes of plaintext the first chunk of an index may have, in ascending order.
  static func sizes(ofFirstChunk textSize: Int) -> [Int] {
    let (unit, full) = (unit(textSize), MessageLayout.chunkSize)
    return stride(from: unit, to: full, by: unit).filter { $0 >= headSize } + [full]
  }

  /// A tenth of the snapshot's plaintext, rounded up.
  private static func unit(_ textSize: Int) -> Int {
    max(1, textSize / 10 + (textSize % 10).signum())
  }

  /// Where an entry is in the plaintext, in bytes.
  func range(ofEntry place: Int) -> Range<Int> {
    let start = Self.headSize + place * entrySize
    return start..<start + entrySize
  }

  /// The entries that begin in a chunk.
  func entries(inChunk index: Int) -> Range<Int> {
    func first(at offset: Int) -> Int {
      min(entries, (max(0, offset - Self.headSize) + entrySize - 1) / entrySize)
    }
    let start = index * MessageLayout.chunkSize
    return first(at: start)..<first(at: start + MessageLayout.chunkSize)
  }

  /// The chunk in which the entry with this hash must be, as the hashes are uniform.
  func chunk(ofHash hash: UInt32) -> Int {
    let place = entries.multipliedFullWidth(by: Int(hash))
    let entry = place.high << 32 | Int(place.low >> 32)
    return range(ofEntry: entry).lowerBound / MessageLayout.chunkSize
  }
}
