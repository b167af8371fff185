/// Seals a plaintext that comes in pieces of any size as one message (see ``MessageLayout``).
///
/// Sealed bytes are appended to an output of the caller's, who decides how much of it is in memory at once.
package final class SealingWriter {
  /// The message's salt, which no other message has.
  package let salt: [UInt8]
  private let cipher: AESGCM
  /// The beginning of a chunk that is not full yet.
  private var pending: [UInt8] = []
  /// The number of chunks so far.
  private var chunks = 0

  /// Begins a message with a random salt, and appends its salt and commitment.
  package convenience init(_ key: MessageKey, to output: inout [UInt8]) throws(CryptoError) {
    try self.init(key, salt: RandomBytes.make(count: MessageLayout.saltSize), to: &output)
  }

  /// Begins a message with a salt of the caller's: for test vectors. A salt used twice breaks the seal.
  init(_ key: MessageKey, salt: [UInt8], to output: inout [UInt8]) throws(CryptoError) {
    let derived = try DerivedKeys(key, salt: salt)
    (self.salt, cipher) = (salt, try derived.cipher(.seal))
    output += salt
    output += derived.commitment
  }

  deinit { pending.cleanse() }

  /// Appends a whole message that seals `plaintext`.
  package static func seal(
    _ plaintext: Span<UInt8>, _ key: MessageKey, to output: inout [UInt8]
  ) throws(CryptoError) {
    _ = try SealingWriter(key, to: &output).finish(plaintext, to: &output)
  }

  /// A whole message that seals `plaintext`.
  package static func seal(
    _ plaintext: Span<UInt8>, _ key: MessageKey
  ) throws(CryptoError) -> [UInt8] {
    var message: [UInt8] = []
    try seal(plaintext, key, to: &message)
    return message
  }

  /// Seals the next piece, and appends the chunks that are full.
  package func append(
    _ plaintext: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) {
    hold(plaintext, from: try sealFullChunks(plaintext, to: &output))
  }

  /// Seals the last piece, and appends what is left of the message.
  ///
  /// - Returns: The bytes of the whole message.
  package func finish(
    _ plaintext: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) -> Int {
    let start = try sealFullChunks(plaintext, to: &output)
    let rest = pending.count + plaintext.count - start
    let size = MessageLayout.size(sealing: chunks * MessageLayout.chunkSize + rest)
    if pending.isEmpty {
      try seal(plaintext.extracting(start...), to: &output)
    } else {
      hold(plaintext, from: start)
      try sealPending(to: &output)
    }
    return size
  }

  /// Seals all chunks that are full with this piece.
  ///
  /// - Returns: Where in the piece the next chunk goes on.
  private func sealFullChunks(
    _ plaintext: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) -> Int {
    var start = 0
    if !pending.isEmpty {
      start = MessageLayout.chunkSize - pending.count
      if plaintext.count < start { return 0 }
      hold(plaintext.extracting(..<start), from: 0)
      try sealPending(to: &output)
    }
    while plaintext.count - start >= MessageLayout.chunkSize {
      try seal(plaintext.extracting(start..<start + MessageLayout.chunkSize), to: &output)
      start += MessageLayout.chunkSize
    }
    return start
  }

  private func hold(_ plaintext: Span<UInt8>, from start: Int) {
    // The whole chunk at once: an array that grows leaves plaintext in the memory that it frees.
    pending.reserveCapacity(MessageLayout.chunkSize)
    pending.append(contentsOf: plaintext.extracting(start...))
  }

  private func sealPending(to output: inout [UInt8]) throws(CryptoError) {
    defer {
      pending.cleanse()
      pending.removeAll(keepingCapacity: true)
    }
    try seal(pending.span, to: &output)
  }

  private func seal(_ chunk: Span<UInt8>, to output: inout [UInt8]) throws(CryptoError) {
    try cipher.seal(chunk: chunks, chunk, to: &output)
    chunks += 1
  }
}
