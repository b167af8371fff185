/// Seals a plaintext that comes in pieces, as one message (see `SealedMessage`).
///
/// What is put out goes behind what the output has already, so that its user decides how much of it there is at
/// once.
package final class MessageSealer {
  /// The message's salt, which no other message has.
  package let salt: [UInt8]
  private let cipher: ChunkCipher
  /// The beginning of the next chunk.
  private var pending: [UInt8] = []
  /// The chunks so far.
  private var chunks = 0

  /// Begins a message; its salt and commitment go to `output`.
  package init(_ key: SealingKey, to output: inout [UInt8]) throws(CryptoError) {
    salt = try RandomBytes.make(count: SealedMessage.saltSize)
    let derived = try SealedMessage.DerivedKeys(key: key.key, salt: salt, context: key.context)
    cipher = try derived.cipher(.seal)
    output += salt
    output += derived.commitment
  }

  /// Takes in the next piece; the chunks that are full go to `output`.
  package func append(
    _ plaintext: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) {
    var start = 0
    if !pending.isEmpty {
      start = min(SealedMessage.chunkSize - pending.count, plaintext.count)
      pending.append(contentsOf: plaintext.extracting(0..<start))
      guard pending.count == SealedMessage.chunkSize else { return }
      try sealPending(to: &output)
    }
    while plaintext.count - start >= SealedMessage.chunkSize {
      try seal(plaintext.extracting(start..<start + SealedMessage.chunkSize), to: &output)
      start += SealedMessage.chunkSize
    }
    // Once, and so that growing leaves no copy behind in freed memory.
    pending.reserveCapacity(SealedMessage.chunkSize)
    pending.append(contentsOf: plaintext.extracting(start..<plaintext.count))
  }

  /// Ends the message with its last chunk; gives the bytes of the whole message.
  package func finish(to output: inout [UInt8]) throws(CryptoError) -> Int {
    let size = SealedMessage.size(sealing: chunks * SealedMessage.chunkSize + pending.count)
    try sealPending(to: &output)
    return size
  }

  private func seal(
    _ chunk: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) {
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: chunk.count + ChunkCipher.tagSize))
    unsafe try output.withMutableChunk(start) { (room) throws(CryptoError) in
      unsafe try chunk.withUnsafePointer { (input) throws(CryptoError) in
        unsafe try cipher.seal(chunk: chunks, input, to: room)
      }
    }
    chunks += 1
  }

  private func sealPending(to output: inout [UInt8]) throws(CryptoError) {
    var chunk = pending
    pending = []
    defer {
      chunk.cleanse()
      chunk.removeAll(keepingCapacity: true)
      pending = chunk
    }
    try seal(chunk.span, to: &output)
  }

  deinit { pending.cleanse() }
}
