/// Opens the chunks of a message whose other parts may be damaged, each by itself.
///
/// A chunk that opens is what was sealed, at its place, under this key and this context: its tag says so. The
/// commitment need not match. It guards against a message that opens under two keys, which only who knows both keys
/// can make; a reader that has found the one key of a vault by other means does not depend on it.
package final class ChunkSalvage {
  /// Bytes of a full chunk as it is sealed, and of its text.
  package static var sealedSize: Int { SealedMessage.sealedChunkSize }
  package static var textSize: Int { SealedMessage.chunkSize }
  /// Bytes of a tag: what the last chunk has at least.
  package static var tagSize: Int { ChunkCipher.tagSize }
  /// Bytes before the first chunk: salt and commitment.
  package static var prefixSize: Int { SealedMessage.prefixSize }

  private let cipher: ChunkCipher
  private var opener = ChunkOpener(chunkSize: SealedMessage.chunkSize)

  /// For a message that was sealed with this salt.
  package init(_ key: SealingKey, salt: [UInt8]) throws(CryptoError) {
    cipher = try SealedMessage.DerivedKeys(key: key.key, salt: salt, context: key.context)
      .cipher(.open)
  }

  /// Lends the text of a chunk; false where the chunk is not authentic.
  package func open(
    _ index: Int, _ sealed: Span<UInt8>, _ body: (Span<UInt8>) -> Void = { _ in }
  ) throws(CryptoError) -> Bool {
    guard (ChunkCipher.tagSize...SealedMessage.sealedChunkSize).contains(sealed.count) else {
      return false
    }
    do throws(CryptoError) {
      try opener.open(index, sealed, with: cipher) { body($0) }
      return true
    } catch .notAuthentic {
      return false
    }
  }

  deinit { opener.cleanse() }

  /// The salt of a message as it was sealed, which its commitment tells: the one in the message's first bytes, or
  /// another that differs from it in one byte. Nil where it is neither of these.
  package static func salt(
    committedIn prefix: Span<UInt8>, _ key: SealingKey
  ) throws(CryptoError) -> [UInt8]? {
    var salt = prefix.extracting(0..<SealedMessage.saltSize).array
    if try isCommitted(prefix, key, salt: salt) { return salt }
    for place in salt.indices {
      let byte = salt[place]
      for other in UInt8.min...UInt8.max where other != byte {
        salt[place] = other
        if try isCommitted(prefix, key, salt: salt) { return salt }
      }
      salt[place] = byte
    }
    return nil
  }

  /// Whether the salt and the commitment that a message begins with are those of a message under this key.
  package static func isCommitted(
    _ prefix: Span<UInt8>, _ key: SealingKey
  ) throws(CryptoError) -> Bool {
    try isCommitted(prefix, key, salt: prefix.extracting(0..<SealedMessage.saltSize).array)
  }

  private static func isCommitted(
    _ prefix: Span<UInt8>, _ key: SealingKey, salt: [UInt8]
  ) throws(CryptoError) -> Bool {
    try SealedMessage.DerivedKeys(key: key.key, salt: salt, context: key.context)
      .matchesCommitment(prefix.extracting(SealedMessage.saltSize..<prefixSize))
  }
}
