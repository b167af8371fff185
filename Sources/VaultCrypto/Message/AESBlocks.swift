internal import COpenSSL

/// AES-256 (FIPS 197) on whole blocks under one key, each by itself: for key derivation, never for a message.
@safe final class AESBlocks: @unchecked Sendable {
  // Sendable: its owner lets one thread at a time use it.
  /// Bytes of a block.
  static let size = 16

  private let context: OpaquePointer

  init(_ key: SymmetricKey) throws(CryptoError) {
    guard let cipher = unsafe OpenSSL.Cipher.aes256ECB.pointer else {
      throw OpenSSL.error("EVP_CIPHER_fetch")
    }
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw OpenSSL.error("EVP_CIPHER_CTX_new")
    }
    unsafe self.context = context
    let isSet = key.withSpan { key in
      unsafe key.withUnsafeBufferPointer { key in
        unsafe EVP_EncryptInit_ex2(context, cipher, key.baseAddress, nil, nil)
      }
    }
    guard isSet == 1, unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
      throw OpenSSL.error("EVP_EncryptInit_ex2")
    }
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Encrypts whole blocks to memory that has as many bytes.
  func encrypt(
    _ blocks: [UInt8], to output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) {
    var length: Int32 = 0
    let (to, room) = unsafe (
      output.baseAddress?.assumingMemoryBound(to: UInt8.self), output.count
    )
    guard blocks.count == room,
      unsafe EVP_EncryptUpdate(context, to, &length, blocks, Int32(clamping: blocks.count)) == 1,
      Int(length) == blocks.count
    else { throw OpenSSL.error("EVP_EncryptUpdate") }
  }
}
