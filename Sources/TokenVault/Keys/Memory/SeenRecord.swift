internal import VaultCrypto

/// The 64 bytes that this host keeps of a store's highest generation.
///
/// They are overwritten in place, without a flush. The checksum detects a torn write; it is no protection against an
/// attacker, who must not be able to write here at all.
enum SeenRecord {
  static let size = 64

  /// The bytes before the checksum.
  private static let checkedSize = size - 8
  private static let magic = Array("tvseen1\n".utf8)
  private static let tagSize = MessageLayout.saltSize

  /// What the records of a store begin with: `magic (8) ‖ store (16)`.
  static func start(of store: StoreID) -> [UInt8] {
    magic
      + (Hexadecimal.decode(store.text[...], count: 16) ?? [UInt8](repeating: 0, count: 16))
  }

  /// `start (24) ‖ number (8) ‖ tag (24) ‖ checksum (8)`; a tag of zeros stands for none.
  static func encode(_ generation: SeenGeneration, after start: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    bytes += start
    bytes.append(word: generation.number)
    bytes += generation.tag ?? [UInt8](repeating: 0, count: tagSize)
    bytes.append(word: checksum(of: bytes.span))
    return bytes
  }

  /// Nil for a torn write, other bytes, or another store's record.
  static func decode(_ bytes: [UInt8], after start: [UInt8]) -> SeenGeneration? {
    let bytes = bytes.span
    guard bytes.count == size,
      bytes.extracting(..<start.count).isEqualInConstantTime(to: start.span),
      bytes.word(at: checkedSize) == checksum(of: bytes.extracting(..<checkedSize))
    else { return nil }
    let tag = bytes.extracting(32..<32 + tagSize)
    return SeenGeneration(bytes.word(at: 24), tag: tag.isZero ? nil : tag.array)
  }

  /// FNV-1a with 64 bits.
  private static func checksum(of bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
    return hash
  }
}
