// A message that is large enough for its copies to matter, in pieces: each chunk is opened, used and overwritten
// while it is in the processor's cache.
//
// `read` fills an array with the message's next bytes, and says false where there are not so many; what uses it
// says false then too.
extension SealedMessage {
  /// How many chunks are read at once: a megabyte.
  private static let chunksInPiece = 64

  /// Seals the plaintext of a message of `size` bytes again, under another key and with another salt.
  ///
  /// `plaintext` sees every chunk; `output` gets the new message in pieces, and says false to stop, which
  /// this then gives back. Throws `notAuthentic` where the message is not what was sealed; what was put out
  /// before is to be thrown away then.
  package static func reseal(
    size: Int, from old: SealingKey, to new: SealingKey, read: (inout [UInt8]) -> Bool,
    plaintext: (Span<UInt8>) -> Void, output: (Span<UInt8>) -> Bool
  ) throws(CryptoError) -> Bool {
    let salt = try RandomBytes.make(count: saltSize)
    let derived = try DerivedKeys(key: new.key, salt: salt, context: new.context)
    let sealer = try derived.cipher(.seal)
    let prefix = salt + derived.commitment
    guard output(prefix.span) else { return false }
    guard let cipher = try cipher(old, read) else { return false }
    var piece: [UInt8] = []
    var opener = ChunkOpener(chunkSize: chunkSize)
    defer { opener.cleanse() }
    return try forEachPiece(size, read) { (sealed, indices) throws(CryptoError) in
      if piece.count != sealed.count { piece = [UInt8](repeating: 0, count: sealed.count) }
      for index in indices {
        let place = place(of: index, from: indices.lowerBound, in: sealed)
        let chunk = sealed.extracting(place)
        try opener.open(index, chunk, with: cipher) { (opened) throws(CryptoError) in
          plaintext(opened)
          unsafe try piece.withMutableChunk(place.lowerBound) { (room) throws(CryptoError) in
            unsafe try opened.withUnsafePointer { (input) throws(CryptoError) in
              unsafe try sealer.seal(chunk: index, input, to: room)
            }
          }
        }
      }
      return output(piece.span)
    }
  }

  /// A message of more bytes gets memory for its plaintext only once its size is known to be right: 16 MiB.
  private static let claimLimit = 1 << 24

  /// Opens a message of `size` bytes that is read in pieces; nil if `read` or `readEnd` says false.
  ///
  /// `readEnd` fills an array with the message's last bytes.
  package static func open(
    size: Int, under key: SealingKey, read: (inout [UInt8]) -> Bool,
    readEnd: (inout [UInt8]) -> Bool
  ) throws(CryptoError) -> SecretBytes? {
    let (full, last) = try layout(ofSize: size)
    guard let cipher = try cipher(key, read) else { return nil }
    if size > claimLimit {
      guard try checkSize(size, cipher, read, readEnd) else { return nil }
    }
    var isWhole = false
    let plaintext = unsafe try SecretBytes(count: full * chunkSize + last - ChunkCipher.tagSize) {
      (output) throws(CryptoError) in
      isWhole = try forEachPiece(size, read) { (sealed, indices) throws(CryptoError) in
        for index in indices {
          guard let room = unsafe output.baseAddress.map({ unsafe $0 + index * chunkSize }) else {
            return true
          }
          let chunk = sealed.extracting(place(of: index, from: indices.lowerBound, in: sealed))
          unsafe try chunk.withUnsafePointer { (input) throws(CryptoError) in
            unsafe try cipher.open(chunk: index, input, to: room)
          }
        }
        return true
      }
    }
    return isWhole ? plaintext : nil
  }

  /// Shows that a message has the size that a file claims, from its last chunk: no other is as short, and each opens at
  /// its own place only. A length that was changed takes no memory.
  ///
  /// Where the last chunk is not what was sealed, all are opened in the memory of one, to throw the first that is wrong.
  private static func checkSize(
    _ size: Int, _ cipher: ChunkCipher, _ read: (inout [UInt8]) -> Bool,
    _ readEnd: (inout [UInt8]) -> Bool
  ) throws(CryptoError) -> Bool {
    let (full, last) = try layout(ofSize: size)
    var end = [UInt8](repeating: 0, count: last)
    guard readEnd(&end) else { return false }
    var opener = ChunkOpener(chunkSize: chunkSize)
    defer { opener.cleanse() }
    do throws(CryptoError) {
      try opener.open(full, end.span, with: cipher) { _ in }
      return true
    } catch .notAuthentic(let reason) {
      guard try forEachChunk(size, cipher, read, { _ in true }) else { return false }
      throw .notAuthentic(reason)
    }
  }

  /// Opens all of a message of `size` bytes chunk by chunk, and lends each; false from `plaintext` stops it.
  package static func open(
    size: Int, under key: SealingKey, read: (inout [UInt8]) -> Bool,
    plaintext: (Span<UInt8>) -> Bool
  ) throws(CryptoError) -> Bool {
    _ = try layout(ofSize: size)
    guard let cipher = try cipher(key, read) else { return false }
    return try forEachChunk(size, cipher, read, plaintext)
  }

  private static func forEachChunk(
    _ size: Int, _ cipher: ChunkCipher, _ read: (inout [UInt8]) -> Bool,
    _ plaintext: (Span<UInt8>) -> Bool
  ) throws(CryptoError) -> Bool {
    var opener = ChunkOpener(chunkSize: chunkSize)
    defer { opener.cleanse() }
    return try forEachPiece(size, read) { (sealed, indices) throws(CryptoError) in
      for index in indices {
        let chunk = sealed.extracting(place(of: index, from: indices.lowerBound, in: sealed))
        guard try opener.open(index, chunk, with: cipher, { (text) in plaintext(text) }) else {
          return false
        }
      }
      return true
    }
  }

  /// Where a sealed chunk is in a piece that begins with another.
  private static func place(of index: Int, from first: Int, in piece: Span<UInt8>) -> Range<Int> {
    let start = (index - first) * sealedChunkSize
    return start..<min(start + sealedChunkSize, piece.count)
  }

  /// What opens the chunks of a message, once its first bytes are read; nil if `read` says false.
  private static func cipher(
    _ key: SealingKey, _ read: (inout [UInt8]) -> Bool
  ) throws(CryptoError) -> ChunkCipher? {
    var prefix = [UInt8](repeating: 0, count: prefixSize)
    guard read(&prefix) else { return nil }
    return try cipher(openingAfter: prefix.span, key)
  }

  /// Lends the sealed chunks of a message whose first bytes are read, several at once, with their indices.
  private static func forEachPiece(
    _ size: Int, _ read: (inout [UInt8]) -> Bool,
    _ body: (Span<UInt8>, Range<Int>) throws(CryptoError) -> Bool
  ) throws(CryptoError) -> Bool {
    let (full, _) = try layout(ofSize: size)
    var piece = [UInt8](repeating: 0, count: chunksInPiece * sealedChunkSize)
    for first in stride(from: 0, through: full, by: chunksInPiece) {
      let rest = size - prefixSize - first * sealedChunkSize
      if rest < piece.count { piece.removeLast(piece.count - rest) }
      let indices = first..<min(first + chunksInPiece, full + 1)
      guard read(&piece), try body(piece.span, indices) else { return false }
    }
    return true
  }

  /// What opens the chunks of a message with these first bytes, once their commitment is seen to be right.
  static func cipher(
    openingAfter prefix: Span<UInt8>, _ key: SealingKey
  ) throws(CryptoError) -> ChunkCipher {
    let salt = prefix.extracting(0..<saltSize).array
    let derived = try DerivedKeys(key: key.key, salt: salt, context: key.context)
    guard derived.matchesCommitment(prefix.extracting(saltSize..<prefixSize)) else {
      throw .notAuthentic(.commitment)
    }
    return try derived.cipher(.open)
  }
}
