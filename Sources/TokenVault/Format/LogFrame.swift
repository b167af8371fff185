internal import VaultCrypto

/// The 64 bytes before the sealed text of a log entry.
///
/// A frame begins at a multiple of 64 bytes, so that it lies in one sector of the disk: after a power cut it is there as a
/// whole, or not at all.
struct LogFrame: Sendable {
  enum Kind: UInt32 {
    /// A commit: "TVLE".
    case entry = 0x5456_4C45
    /// What the extent before has: "TVLS".
    case summary = 0x5456_4C53
  }

  /// Bytes of a frame.
  static let size = 64
  /// Bytes of a tag.
  static let tagSize = XAES256GCM.tagSize
  /// The bytes before the nonce, which the seal authenticates.
  private static let boundSize = size - XAES256GCM.nonceSize
  /// The most entries behind one snapshot.
  static let numberLimit: UInt64 = 1 << 16

  let kind: Kind
  /// Bytes of the text.
  let textSize: Int
  /// The number of the entry behind its snapshot, from 1; for a summary, that of the last entry before it.
  let number: UInt64
  /// The flushed mark: the writer knew that the entries up to this one were on the disk; 0 for none.
  let flushed: UInt64
  /// The tag of the entry or summary before; zeros for the first.
  let tagBefore: [UInt8]
  let nonce: [UInt8]

  /// Bytes of the frame and the sealed text.
  var entrySize: Int { Self.size + textSize + Self.tagSize }

  /// The bytes that an entry takes which seals a text of `count` bytes: the next frame begins behind them.
  static func room(sealing count: Int) -> Int64 {
    Int64((size + count + tagSize + size - 1) / size * size)
  }

  init(
    _ kind: Kind, textSize: Int, number: UInt64, flushed: UInt64, tagBefore: [UInt8],
    nonce: [UInt8]
  ) {
    (self.kind, self.textSize, self.number) = (kind, textSize, number)
    (self.flushed, self.tagBefore, self.nonce) = (flushed, tagBefore, nonce)
  }

  /// The frame at the start of `bytes`, not authenticated; nil if there is none.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.size else { return nil }
    let start = bytes.word(at: 0)
    guard let kind = Kind(rawValue: UInt32(truncatingIfNeeded: start >> 32)) else { return nil }
    (self.kind, textSize) = (kind, Int(UInt32(truncatingIfNeeded: start)))
    (number, flushed) = (bytes.word(at: 8), bytes.word(at: 16))
    // A writer knows its own entry to be flushed only later, and flushes all before a summary.
    guard number <= Self.numberLimit,
      kind == .entry ? flushed < number : flushed == number
    else { return nil }
    tagBefore = bytes.extracting(24..<Self.boundSize).array
    nonce = bytes.extracting(Self.boundSize..<Self.size).array
  }

  /// What the seal authenticates besides the text.
  var associatedData: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    bytes.append(word: UInt64(kind.rawValue) << 32 | UInt64(textSize))
    bytes.append(word: number)
    bytes.append(word: flushed)
    bytes += tagBefore
    return bytes
  }
}
