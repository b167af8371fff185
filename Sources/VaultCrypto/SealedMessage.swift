/// Cobblestone-256 of the C2SP chunked-encryption specification, version 1
/// (c2sp.org/chunked-encryption): the one construction that seals everything here.
///
/// A message is `salt (24) || commitment (32) || sealed chunks`. Each chunk of 16,384 bytes is
/// sealed by AES-256-GCM under a key derived for this message alone; the last chunk is always
/// shorter, empty if need be, so a message cut at a chunk has no valid length.
package enum SealedMessage {
  /// Bytes of a salt.
  package static let saltSize = 24
  private static let commitmentSize = 32
  static let chunkSize = 16_384
  static let sealedChunkSize = chunkSize + ChunkCipher.tagSize
  static let prefixSize = saltSize + commitmentSize
  private static let label = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".utf8)

  /// The bytes of a message that seals `count` bytes.
  package static func size(sealing count: Int) -> Int {
    prefixSize + count + (count / chunkSize + 1) * ChunkCipher.tagSize
  }

  /// Seals `plaintext` under `key`, bound to `context`.
  package static func seal(
    _ plaintext: Span<UInt8>, key: SymmetricKey, context: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    var message: [UInt8] = []
    try append(sealing: plaintext, key: key, context: context, to: &message)
    return message
  }

  /// Seals like `seal`, behind what `output` has already: a large message need not be copied then.
  package static func append(
    sealing plaintext: Span<UInt8>, key: SymmetricKey, context: [UInt8], to output: inout [UInt8]
  ) throws(CryptoError) {
    let salt = try RandomBytes.make(count: saltSize)
    try append(sealing: plaintext, key: key, context: context, salt: salt, to: &output)
  }

  /// Seals with a salt of the caller's: for test vectors. A salt used twice breaks the seal.
  static func seal(
    _ plaintext: Span<UInt8>, key: SymmetricKey, context: [UInt8], salt: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    var message: [UInt8] = []
    try append(sealing: plaintext, key: key, context: context, salt: salt, to: &message)
    return message
  }

  private static func append(
    sealing plaintext: Span<UInt8>, key: SymmetricKey, context: [UInt8], salt: [UInt8],
    to message: inout [UInt8]
  ) throws(CryptoError) {
    let derived = try DerivedKeys(key: key, salt: salt, context: context)
    let cipher = try derived.cipher(.seal)
    let (count, start) = (plaintext.count, message.count + prefixSize)
    message += salt
    message += derived.commitment
    message.append(contentsOf: repeatElement(0, count: size(sealing: count) - prefixSize))
    for index in 0...(count / chunkSize) {
      let from = index * chunkSize
      let chunk = plaintext.extracting(from..<min(from + chunkSize, count))
      unsafe try message.withMutableChunk(start + index * sealedChunkSize) {
        (output) throws(CryptoError) in
        unsafe try chunk.withUnsafePointer { (input) throws(CryptoError) in
          unsafe try cipher.seal(chunk: index, input, to: output)
        }
      }
    }
  }

  /// Opens a message that was sealed under `key` and bound to `context`.
  ///
  /// Throws `CryptoError.notAuthentic` with the first check that failed. Nothing of a chunk is
  /// released before its tag is checked.
  package static func open(
    _ message: Span<UInt8>, key: SymmetricKey, context: [UInt8]
  ) throws(CryptoError) -> SecretBytes {
    let (chunks, last) = try layout(ofSize: message.count)
    let cipher = try cipher(openingAfter: message, SealingKey(key, context: context))
    return unsafe try SecretBytes(count: chunks * chunkSize + last - ChunkCipher.tagSize) {
      (output) throws(CryptoError) in
      for index in 0...chunks {
        let start = prefixSize + index * sealedChunkSize
        let sealed = message.extracting(start..<min(start + sealedChunkSize, message.count))
        guard let room = unsafe output.baseAddress.map({ unsafe $0 + index * chunkSize }) else {
          return
        }
        unsafe try sealed.withUnsafePointer { (input) throws(CryptoError) in
          unsafe try cipher.open(chunk: index, input, to: room)
        }
      }
    }
  }

  /// The number of full chunks, and the bytes of the last, sealed one.
  static func layout(ofSize size: Int) throws(CryptoError) -> (full: Int, last: Int) {
    let (full, last) = (size - prefixSize).quotientAndRemainder(dividingBy: sealedChunkSize)
    guard size >= prefixSize, last >= ChunkCipher.tagSize else {
      throw .notAuthentic(.length)
    }
    return (full, last)
  }

  /// What HKDF-Expand gives for one message: AES key (32), base nonce (12), commitment (32).
  struct DerivedKeys {
    private let bytes: SecretBytes

    init(key: SymmetricKey, salt: [UInt8], context: [UInt8]) throws(CryptoError) {
      bytes = try KeyDerivation.expand(key, info: label + salt + context, count: 76)
    }

    /// Not secret: it stands in the message.
    var commitment: [UInt8] { bytes.withSpan { $0.extracting(44..<76).array } }

    func cipher(_ direction: ChunkCipher.Direction) throws(CryptoError) -> ChunkCipher {
      try bytes.withSpan { (span) throws(CryptoError) in
        let nonce = span.extracting(32..<44).array
        return unsafe try span.withUnsafePointer { (all) throws(CryptoError) in
          guard let key = unsafe all.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw .outOfMemory(bytes: 76)
          }
          return unsafe try ChunkCipher(direction, key: key, baseNonce: nonce)
        }
      }
    }

    func matchesCommitment(_ given: Span<UInt8>) -> Bool {
      commitment.span.isEqualInConstantTime(to: given)
    }
  }
}

extension SealedMessage {
  /// Where in a message the part begins that a check found wrong, in bytes.
  package static func offset(of reason: NotAuthentic) -> Int {
    switch reason {
    case .length, .commitment: 0
    case .chunk(let index): prefixSize + index * sealedChunkSize
    }
  }
}
