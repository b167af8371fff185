internal import COpenSSL

/// Diffie-Hellman on Curve25519 (RFC 7748), over OpenSSL's keys.
enum X25519 {
  static let keySize = 32

  /// A private key: 32 bytes.
  struct PrivateKey: Sendable {
    let bytes: SecretBytes

    fileprivate func handle() throws(CryptoError) -> Handle {
      let pointer = unsafe bytes.withSpan { key in
        unsafe key.withUnsafeBufferPointer { key in
          unsafe EVP_PKEY_new_raw_private_key_ex(nil, "X25519", nil, key.baseAddress, key.count)
        }
      }
      return unsafe try Handle(pointer, "EVP_PKEY_new_raw_private_key_ex")
    }

    /// The public key: 32 bytes.
    func publicKey() throws(CryptoError) -> [UInt8] {
      let key = try handle()
      var bytes = [UInt8](repeating: 0, count: keySize)
      var count = keySize
      guard unsafe EVP_PKEY_get_raw_public_key(key.pointer, &bytes, &count) == 1, count == keySize
      else { throw OpenSSL.error("EVP_PKEY_get_raw_public_key") }
      return bytes
    }

    /// The secret that both keys agree on: 32 bytes.
    ///
    /// - Throws: `CryptoError.notAuthentic` if it is all zeros: the public key was made for that. RFC 7748, section 6.1,
    ///   allows this check, and RFC 9180, section 7.1.4, demands it. `CryptoError.openSSL` if OpenSSL has no X25519,
    ///   which is no fault of the message.
    func sharedSecret(with publicKey: [UInt8]) throws(CryptoError) -> SecretBytes {
      let mine = try handle()
      let other = unsafe EVP_PKEY_new_raw_public_key_ex(
        nil, "X25519", nil, publicKey, publicKey.count)
      let theirs = unsafe try Handle(other, "EVP_PKEY_new_raw_public_key_ex")
      let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, mine.pointer, nil)
      defer { unsafe EVP_PKEY_CTX_free(context) }
      guard let context = unsafe context, unsafe EVP_PKEY_derive_init(context) == 1,
        unsafe EVP_PKEY_derive_set_peer(context, theirs.pointer) == 1
      else { throw OpenSSL.error("EVP_PKEY_derive_set_peer") }
      return unsafe try SecretBytes(count: keySize) { output throws(CryptoError) in
        let start = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var count = output.count
        guard unsafe EVP_PKEY_derive(context, start, &count) == 1, count == keySize else {
          ERR_clear_error()
          throw .notAuthentic(.commitment)
        }
      }
    }
  }

  /// A key of OpenSSL's, freed with this.
  @safe fileprivate final class Handle {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer?, _ call: String) throws(CryptoError) {
      guard let pointer = unsafe pointer else { throw OpenSSL.error(call) }
      unsafe self.pointer = pointer
    }

    deinit { unsafe EVP_PKEY_free(pointer) }
  }
}
