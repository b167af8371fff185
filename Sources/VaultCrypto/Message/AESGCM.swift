internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) over the numbered chunks of one message.
///
/// The key is of this message alone. The nonce of a chunk is the message's base nonce XOR the chunk's index
/// (big-endian), so that none repeats.
@safe final class AESGCM {
  static let tagSize = 16
  static let nonceSize = 12

  enum Direction: Int32 {
    case open = 0
    case seal = 1
  }

  private let context: OpaquePointer
  private let baseNonce: [UInt8]
  private let associatedData: [UInt8]

  /// - Parameter key: 32 bytes.
  init(
    _ direction: Direction, key: Span<UInt8>, baseNonce: [UInt8], associatedData: [UInt8] = []
  ) throws(CryptoError) {
    guard key.count == SymmetricKey.size else { throw .keySize(bytes: key.count) }
    guard let cipher = unsafe OpenSSL.Cipher.aes256GCM.pointer else {
      throw OpenSSL.error("EVP_CIPHER_fetch")
    }
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw OpenSSL.error("EVP_CIPHER_CTX_new")
    }
    unsafe self.context = context
    (self.baseNonce, self.associatedData) = (baseNonce, associatedData)
    let isSet = unsafe key.withUnsafeBufferPointer { key in
      unsafe EVP_CipherInit_ex2(context, cipher, key.baseAddress, nil, direction.rawValue, nil)
    }
    guard isSet == 1 else { throw OpenSSL.error("EVP_CipherInit_ex2") }
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Appends the sealed chunk and its tag to `output`.
  func seal(
    chunk index: Int, _ plaintext: Span<UInt8>, to output: inout [UInt8]
  ) throws(CryptoError) {
    let size = plaintext.count + Self.tagSize
    try start(chunk: index)
    // Memory that is not zeroed first: the chunk fills it.
    try output.append(addingCapacity: size) {
      (output: inout OutputSpan<UInt8>) throws(CryptoError) in
      unsafe try output.withUnsafeMutableBufferPointer { (room, count) throws(CryptoError) in
        unsafe try seal(plaintext, to: UnsafeMutableRawBufferPointer(room))
        count += size
      }
    }
  }

  private func seal(
    _ plaintext: Span<UInt8>, to output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    unsafe try update(plaintext, to: output)
    let tag = unsafe UnsafeMutableRawBufferPointer(rebasing: output[plaintext.count...])
    guard unsafe finish(tag.baseAddress), unsafe set(EVP_CTRL_AEAD_GET_TAG, tag.baseAddress)
    else { throw OpenSSL.error("EVP_CipherFinal_ex") }
  }

  /// Writes the opened chunk to `output`, which has as many bytes as `sealed` less its tag.
  ///
  /// - Throws: `CryptoError.notAuthentic(.chunk)`; what was written before is the caller's to cleanse.
  func open(
    chunk index: Int, _ sealed: Span<UInt8>, to output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    let size = sealed.count - Self.tagSize
    guard size >= 0, size == output.count else { throw .notAuthentic(.chunk(index)) }
    try start(chunk: index)
    let isSet = unsafe sealed.extracting(size...).withUnsafeBytes { tag in
      unsafe set(EVP_CTRL_AEAD_SET_TAG, UnsafeMutableRawPointer(mutating: tag.baseAddress))
    }
    guard isSet else { throw OpenSSL.error("EVP_CIPHER_CTX_ctrl") }
    unsafe try update(sealed.extracting(..<size), to: output)
    var none: UInt8 = 0  // GCM has no last block to write.
    guard unsafe finish(&none) else {
      ERR_clear_error()
      throw .notAuthentic(.chunk(index))
    }
  }

  private func start(chunk index: Int) throws(CryptoError) {
    var nonce = baseNonce
    for place in 0..<8 {
      nonce[nonce.count - 1 - place] ^= UInt8(truncatingIfNeeded: index >> (8 * place))
    }
    guard unsafe EVP_CipherInit_ex2(context, nil, nil, nonce, -1, nil) == 1 else {
      throw OpenSSL.error("EVP_CipherInit_ex2")
    }
    if associatedData.isEmpty { return }
    var length: Int32 = 0
    let count = Int32(clamping: associatedData.count)
    guard unsafe EVP_CipherUpdate(context, nil, &length, associatedData, count) == 1 else {
      throw OpenSSL.error("EVP_CipherUpdate")
    }
  }

  private func update(
    _ input: Span<UInt8>, to output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    var length: Int32 = 0
    let to = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let isDone = unsafe input.withUnsafeBufferPointer { from in
      unsafe EVP_CipherUpdate(context, to, &length, from.baseAddress, Int32(clamping: from.count))
    }
    guard isDone == 1 else { throw OpenSSL.error("EVP_CipherUpdate") }
  }

  private func finish(_ output: UnsafeMutableRawPointer?) -> Bool {
    var length: Int32 = 0
    let to = unsafe output?.assumingMemoryBound(to: UInt8.self)
    return unsafe EVP_CipherFinal_ex(context, to, &length) == 1
  }

  private func set(_ control: Int32, _ tag: UnsafeMutableRawPointer?) -> Bool {
    unsafe EVP_CIPHER_CTX_ctrl(context, control, Int32(Self.tagSize), tag) == 1
  }
}
