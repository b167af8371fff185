// A message that is large enough for its copies to matter, chunk by chunk: each is opened, used and
// overwritten while it is in the processor's cache.
extension SealedMessage {
  /// How many chunks are handed on at once: a megabyte.
  private static let chunksInPiece = 64
  private static var pieceSize: Int { chunksInPiece * sealedChunkSize }

  /// Seals a message's plaintext again, under another key and with another salt.
  ///
  /// `plaintext` sees every chunk; `output` gets the new message in pieces, and says false to stop, which
  /// this then gives back. Throws `notAuthentic` where the message is not what was sealed; what was put out
  /// before is to be thrown away then.
  package static func reseal(
    _ message: Span<UInt8>, from old: SealingKey, to new: SealingKey,
    plaintext: (Span<UInt8>) -> Void, output: (Span<UInt8>) -> Bool
  ) throws(CryptoError) -> Bool {
    let (full, _) = try layout(of: message)
    var opener = try ChunkOpener(message.extracting(0..<prefixSize), old, chunkSize: chunkSize)
    defer { opener.cleanse() }
    let salt = try RandomBytes.make(count: saltSize)
    let derived = try DerivedKeys(key: new.key, salt: salt, context: new.context)
    let sealer = try derived.cipher(.seal)
    let prefix = salt + derived.commitment
    guard output(prefix.span) else { return false }
    var piece = [UInt8](repeating: 0, count: pieceSize)
    var filled = 0
    for index in 0...full {
      let sealed = message.extracting(range(ofChunk: index, in: message))
      try opener.open(index, sealed) { (chunk) throws(CryptoError) in
        plaintext(chunk)
        unsafe try piece.withMutableChunk(filled) { (room) throws(CryptoError) in
          unsafe try chunk.withUnsafePointer { (input) throws(CryptoError) in
            unsafe try sealer.seal(chunk: index, input, to: room)
          }
        }
      }
      filled += sealed.count
      if filled == pieceSize || index == full {
        guard output(piece.span.extracting(0..<filled)) else { return false }
        filled = 0
      }
    }
    return true
  }

  /// Whether another message has the same plaintext; throws `notAuthentic` where either is not what was
  /// sealed under its key.
  ///
  /// `read` fills the array with the other message's next bytes, and says false where there are not so many.
  package static func hasSamePlaintext(
    _ message: Span<UInt8>, _ key: SealingKey, asUnder otherKey: SealingKey,
    read: (inout [UInt8]) -> Bool
  ) throws(CryptoError) -> Bool {
    let (full, _) = try layout(of: message)
    var opener = try ChunkOpener(message.extracting(0..<prefixSize), key, chunkSize: chunkSize)
    defer { opener.cleanse() }
    var prefix = [UInt8](repeating: 0, count: prefixSize)
    guard read(&prefix) else { return false }
    var other = try ChunkOpener(prefix.span, otherKey, chunkSize: chunkSize)
    defer { other.cleanse() }
    var piece = [UInt8](repeating: 0, count: pieceSize)
    for start in stride(from: 0, through: full, by: chunksInPiece) {
      let rest = message.count - prefixSize - start * sealedChunkSize
      if rest < piece.count { piece.removeLast(piece.count - rest) }
      guard read(&piece) else { return false }
      for index in start..<min(start + chunksInPiece, full + 1) {
        let from = (index - start) * sealedChunkSize
        let theirs = piece.span.extracting(from..<min(from + sealedChunkSize, piece.count))
        let isSame = try opener.open(index, message.extracting(range(ofChunk: index, in: message))) {
          (mine) throws(CryptoError) in
          try other.open(index, theirs) { (chunk) throws(CryptoError) in chunk.isEqual(to: mine) }
        }
        guard isSame else { return false }
      }
    }
    return true
  }

  /// Where a chunk is in a message whose layout has been checked.
  private static func range(ofChunk index: Int, in message: Span<UInt8>) -> Range<Int> {
    let start = prefixSize + index * sealedChunkSize
    return start..<min(start + sealedChunkSize, message.count)
  }
}
