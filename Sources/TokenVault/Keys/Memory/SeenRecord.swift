internal import VaultCrypto

/// The 64 bytes that this host keeps of a store's highest generation.
///
/// They are overwritten in place, without a flush. The checksum detects a torn write; it is no protection against an
/// attacker, who must not be able to write here at all.
enum SeenRecord {
  static let size = 64

  private static let magic = Array("tvseen1\n".utf8)
  private static let tagSize = MessageLayout.saltSize

  /// `magic (8) ‖ store (16) ‖ number (8) ‖ tag (24) ‖ checksum (8)`; a tag of zeros stands for none.
  static func encode(_ generation: SeenGeneration, of store: StoreID) -> [UInt8] {
    var bytes = magic
    bytes.reserveCapacity(size)
    bytes += Hexadecimal.decode(store.text[...], count: 16) ?? [UInt8](repeating: 0, count: 16)
    bytes.append(word: generation.number)
    bytes += generation.tag ?? [UInt8](repeating: 0, count: tagSize)
    bytes.append(word: checksum(of: bytes))
    return bytes
  }

  /// Nil for a torn write, other bytes, or another store's record.
  static func decode(_ bytes: [UInt8], of store: StoreID) -> SeenGeneration? {
    guard bytes.count == size else { return nil }
    let tag = Array(bytes[32..<32 + tagSize])
    let generation = SeenGeneration(
      bytes.span.word(at: 24), tag: tag.contains { $0 != 0 } ? tag : nil)
    return encode(generation, of: store) == bytes ? generation : nil
  }

  /// FNV-1a with 64 bits.
  private static func checksum(of bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
