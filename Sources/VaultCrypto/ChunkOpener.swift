/// Opens the chunks of one message, one at a time, into memory of its own, which its user cleanses.
struct ChunkOpener {
  private let cipher: ChunkCipher
  private var memory: [UInt8]

  /// Checks the commitment in the message's first bytes.
  init(
    _ prefix: Span<UInt8>, _ key: SealingKey, chunkSize: Int
  ) throws(CryptoError) {
    let salt = prefix.extracting(0..<SealedMessage.saltSize).array
    let derived = try SealedMessage.DerivedKeys(key: key.key, salt: salt, context: key.context)
    guard derived.commits(to: prefix.extracting(SealedMessage.saltSize..<prefix.count)) else {
      throw .notAuthentic(.commitment)
    }
    cipher = try derived.cipher(.open)
    memory = [UInt8](repeating: 0, count: chunkSize)
  }

  /// Overwrites what was opened last.
  mutating func cleanse() { memory.cleanse() }

  /// Lends an opened chunk for the length of `body`; the next one is opened over it.
  mutating func open<Result>(
    _ index: Int, _ sealed: Span<UInt8>, _ body: (Span<UInt8>) throws(CryptoError) -> Result
  ) throws(CryptoError) -> Result {
    unsafe try memory.withMutableChunk(0) { (room) throws(CryptoError) in
      unsafe try sealed.withUnsafePointer { (input) throws(CryptoError) in
        unsafe try cipher.open(chunk: index, input, to: room)
      }
    }
    return try body(memory.span.extracting(0..<sealed.count - ChunkCipher.tagSize))
  }
}
