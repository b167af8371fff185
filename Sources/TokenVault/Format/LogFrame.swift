internal import VaultCrypto

/// What stands before the sealed message of a log entry: the message's length, the entry's number, and a tag over both.
///
/// The tag tells a length that was changed from a torn write.
struct LogFrame: Sendable, Equatable {
  /// Bytes of a frame.
  static let size = 32
  /// Where the number ends in a frame.
  static let numberEnd = 16
  private static let tagSize = 16

  /// The bytes of a log entry that seals a text of `count` bytes.
  static func size(sealing count: Int) -> Int {
    size + MessageLayout.size(sealing: count)
  }

  /// The entry's number behind its snapshot, from 1.
  let number: UInt64
  /// Bytes of the sealed message that follows.
  let messageSize: Int
  private let tag: [UInt8]

  /// Bytes of the frame and the message.
  var entrySize: Int { Self.size + messageSize }

  /// The frame at the start of `bytes`, not authenticated; nil if there are too few bytes, or no message has that length.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.size, let messageSize = bytes.messageSize(at: 0) else { return nil }
    (self.messageSize, number) = (messageSize, Self.number(bytes, at: 0))
    tag = bytes.extracting(Self.numberEnd..<Self.size).array
  }

  /// A frame with its tag: HKDF-Expand-SHA-512 (RFC 5869) of the DEK, with the place and both numbers as `info`.
  init(number: UInt64, messageSize: Int, key: SymmetricKey, info: String) throws(CryptoError) {
    (self.number, self.messageSize) = (number, messageSize)
    let info = Array(info.utf8) + Self.encode(messageSize, number)
    tag = try HKDF.expand(key, info: info, count: Self.tagSize).withSpan { $0.array }
  }

  /// The frame as it stands in the file.
  var bytes: [UInt8] { Self.encode(messageSize, number) + tag }

  /// The number in the frame that begins at `offset`, which is at least `size` bytes before the end.
  static func number(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    bytes.word(at: offset + numberEnd - 8)
  }

  /// Compares the tags in constant time, so that timing does not help to forge one.
  static func == (left: LogFrame, right: LogFrame) -> Bool {
    left.number == right.number && left.messageSize == right.messageSize
      && left.tag.span.isEqualInConstantTime(to: right.tag.span)
  }

  private static func encode(_ size: Int, _ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    bytes.append(word: UInt64(size))
    bytes.append(word: number)
    return bytes
  }
}
