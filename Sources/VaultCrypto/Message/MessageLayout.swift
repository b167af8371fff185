/// Where the parts of a sealed message are.
///
/// Everything here is sealed by one construction: Cobblestone-256 of the C2SP chunked-encryption specification, version
/// 1 (c2sp.org/chunked-encryption). A message is `salt (24) || commitment (32) || sealed chunks`. Each chunk of 16,384
/// bytes is sealed by AES-256-GCM under a key derived for this message alone. The last chunk is always shorter, empty if
/// need be, so a message that was cut after a chunk has no valid length.
package struct MessageLayout: Sendable {
  /// Bytes of a salt.
  package static let saltSize = 24
  /// Bytes before the first chunk: the salt and the commitment.
  package static let prefixSize = saltSize + 32
  /// Bytes of plaintext in a full chunk.
  package static let chunkSize = 16_384
  /// Bytes of an authentication tag: the least that the last sealed chunk has.
  package static let tagSize = AESGCM.tagSize
  /// Bytes of a full sealed chunk.
  package static let sealedChunkSize = chunkSize + tagSize

  /// Bytes of the message.
  package let size: Int
  /// The index of the last chunk.
  package let lastChunk: Int

  /// The layout of a message of `size` bytes.
  ///
  /// - Throws: `CryptoError.notAuthentic(.length)` if no message has this length.
  package init(size: Int) throws(CryptoError) {
    let body = size - Self.prefixSize
    guard body >= Self.tagSize, body % Self.sealedChunkSize >= Self.tagSize else {
      throw .notAuthentic(.length)
    }
    (self.size, lastChunk) = (size, body / Self.sealedChunkSize)
  }

  /// Bytes of the plaintext.
  package var plaintextSize: Int { size - Self.prefixSize - (lastChunk + 1) * Self.tagSize }

  /// Where in the message a sealed chunk is, in bytes.
  package func range(ofChunk index: Int) -> Range<Int> {
    let start = Self.offset(ofChunk: index)
    return start..<min(start + Self.sealedChunkSize, size)
  }

  /// Where in a message a chunk begins, in bytes.
  package static func offset(ofChunk index: Int) -> Int { prefixSize + index * sealedChunkSize }

  /// Where in a message the part begins that a check found wrong, in bytes.
  package static func offset(of reason: NotAuthentic) -> Int {
    switch reason {
    case .length, .commitment: 0
    case .chunk(let index): offset(ofChunk: index)
    }
  }

  /// Bytes of the message that seals `count` bytes.
  package static func size(sealing count: Int) -> Int {
    prefixSize + count + (count / chunkSize + 1) * tagSize
  }
}
