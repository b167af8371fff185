internal import VaultCrypto

/// What stands before the sealed message of a commit: its length, which commit it is, and a tag over both, so that a
/// length which was changed is not taken for a commit that was cut.
package struct LogFrame: Sendable, Equatable {
  /// Bytes of a frame.
  package static let size = 32
  /// Where the number ends in a frame.
  static let numberEnd = 16
  private static let tagSize = 16

  /// The bytes of a commit that seals a text of so many.
  package static func size(sealing count: Int) -> Int {
    size + SealedMessage.size(sealing: count)
  }

  /// Which commit behind its snapshot it is, from 1.
  package let number: UInt64
  /// Bytes of the sealed message that follows.
  package let messageSize: Int
  private let tag: [UInt8]

  /// The frame at the start of `bytes`, whoever wrote it; nil where there is not so much, or a message cannot be so
  /// long.
  package init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.size, let messageSize = Int(exactly: Self.word(bytes, at: 0)),
      (SealedMessage.size(sealing: 0)...(1 << 30)).contains(messageSize)
    else { return nil }
    self.messageSize = messageSize
    number = Self.number(bytes, at: 0)
    tag = bytes.extracting(16..<Self.size).array
  }

  /// A frame with its tag: HKDF-Expand-SHA-512 (RFC 5869) of the data key, with the place and both numbers as `info`.
  init(number: UInt64, messageSize: Int, key: SymmetricKey, info: String) throws(CryptoError) {
    (self.number, self.messageSize) = (number, messageSize)
    let info = Array(info.utf8) + Self.encode(messageSize, number)
    tag = try KeyDerivation.expand(key, info: info, count: Self.tagSize).withSpan { $0.array }
  }

  /// The frame as it stands in the file.
  var bytes: [UInt8] {
    var bytes = Self.encode(messageSize, number)
    bytes += tag
    return bytes
  }

  /// The number in the frame that begins at `offset`, which is at least `size` bytes before the end.
  static func number(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    word(bytes, at: offset + numberEnd - 8)
  }

  /// Compares the tags in constant time: how long it takes tells a writer of forged frames nothing of the right one.
  package static func == (left: LogFrame, right: LogFrame) -> Bool {
    left.number == right.number && left.messageSize == right.messageSize
      && left.tag.span.isEqualInConstantTime(to: right.tag.span)
  }

  private static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in offset..<offset + 8 { word = word << 8 | UInt64(bytes[place]) }
    return word
  }

  private static func encode(_ size: Int, _ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    for place in 0..<16 {
      let word = place < 8 ? UInt64(size) : number
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (place % 8))))
    }
    return bytes
  }
}
