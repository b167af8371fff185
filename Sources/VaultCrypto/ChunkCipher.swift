internal import COpenSSL

/// AES-256-GCM over the numbered chunks of one message: the key is set once, the nonce is
/// the message's base nonce XOR the chunk's index.
@safe final class ChunkCipher {
  static let tagSize = 16

  enum Direction: Int32 {
    case open = 0
    case seal = 1
  }

  private let context: OpaquePointer
  private let baseNonce: [UInt8]
  private let associatedData: [UInt8]

  init(
    _ direction: Direction, key: UnsafePointer<UInt8>, baseNonce: [UInt8],
    associatedData: [UInt8] = []
  ) throws(CryptoError) {
    guard let cipher = unsafe OpenSSL.Cipher.aes256GCM.pointer else {
      throw OpenSSL.error("EVP_CIPHER_fetch")
    }
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw OpenSSL.error("EVP_CIPHER_CTX_new")
    }
    unsafe self.context = context
    (self.baseNonce, self.associatedData) = (baseNonce, associatedData)
    guard unsafe EVP_CipherInit_ex2(context, cipher, key, nil, direction.rawValue, nil) == 1 else {
      throw OpenSSL.error("EVP_CipherInit_ex2")
    }
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Writes the sealed chunk and its tag to `output`, which has room for both.
  func seal(
    chunk index: Int, _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
  ) throws(CryptoError) {
    try start(chunk: index)
    unsafe try update(input, to: output)
    let tag = unsafe output + input.count
    var length: Int32 = 0
    guard
      unsafe EVP_CipherFinal_ex(context, tag.assumingMemoryBound(to: UInt8.self), &length) == 1,
      unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), tag) == 1
    else { throw OpenSSL.error("EVP_CipherFinal_ex") }
  }

  /// Writes the opened chunk to `output`, which has room for `input` less its tag.
  ///
  /// What was written before the tag was found wrong is the caller's to cleanse.
  func open(
    chunk index: Int, _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
  ) throws(CryptoError) {
    let size = input.count - Self.tagSize
    try start(chunk: index)
    let tag = unsafe UnsafeMutableRawPointer(mutating: input.baseAddress.map { unsafe $0 + size })
    guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), tag) == 1
    else { throw OpenSSL.error("EVP_CIPHER_CTX_ctrl") }
    unsafe try update(UnsafeRawBufferPointer(rebasing: input[..<size]), to: output)
    var length: Int32 = 0
    let end = unsafe (output + size).assumingMemoryBound(to: UInt8.self)
    guard unsafe EVP_CipherFinal_ex(context, end, &length) == 1 else {
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
    _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
  ) throws(CryptoError) {
    var length: Int32 = 0
    let from = unsafe input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let to = unsafe output.assumingMemoryBound(to: UInt8.self)
    guard unsafe EVP_CipherUpdate(context, to, &length, from, Int32(clamping: input.count)) == 1
    else { throw OpenSSL.error("EVP_CipherUpdate") }
  }
}
