/// Opens chunks of a message, one at a time, into memory of its own, which its user cleanses.
struct ChunkOpener {
  private var memory: [UInt8]

  init(chunkSize: Int) { memory = [UInt8](repeating: 0, count: chunkSize) }

  /// Overwrites what was opened last.
  mutating func cleanse() { memory.cleanse() }

  /// Lends an opened chunk for the length of `body`; the next one is opened over it.
  mutating func open<Result>(
    _ index: Int, _ sealed: Span<UInt8>, with cipher: ChunkCipher,
    _ body: (Span<UInt8>) throws(CryptoError) -> Result
  ) throws(CryptoError) -> Result {
    unsafe try memory.withMutableChunk(0) { (room) throws(CryptoError) in
      unsafe try sealed.withUnsafePointer { (input) throws(CryptoError) in
        unsafe try cipher.open(chunk: index, input, to: room)
      }
    }
    return try body(memory.span.extracting(0..<sealed.count - ChunkCipher.tagSize))
  }
}
