internal import COpenSSL
internal import Synchronization

/// The handles and the error text of the system's OpenSSL.
enum OpenSSL {
  /// AES-256 in a mode, fetched once: an implicit fetch for each message costs more than sealing a token.
  @safe struct Cipher: @unchecked Sendable {
    let pointer: OpaquePointer?

    static let aes256GCM = Cipher("AES-256-GCM")
    /// Single blocks.
    static let aes256ECB = Cipher("AES-256-ECB")

    private init(_ name: String) {
      let few = unsafe LibraryContext.ofTwoCiphers.pointer
      let found = unsafe few.flatMap { unsafe EVP_CIPHER_fetch($0, name, nil) }
      unsafe pointer = found ?? EVP_CIPHER_fetch(nil, name, nil)
    }
  }

  /// Where algorithms are found.
  @safe private struct LibraryContext: @unchecked Sendable {
    let pointer: OpaquePointer?

    /// Nil if ciphers are found in OpenSSL's own context (``OpenSSLStart/forVaultsAlone()``).
    static let ofTwoCiphers = unsafe LibraryContext(
      pointer: OpenSSLStart.hasFewCiphers.load(ordering: .relaxed)
        ? openssl_context_of_two_ciphers() : nil)
  }

  /// A digest, fetched once.
  @safe struct Hash: @unchecked Sendable {
    let pointer: OpaquePointer?

    static let sha256 = unsafe Hash(pointer: EVP_MD_fetch(nil, "SHA256", nil))
  }

  /// HMAC with a digest, set up once but for the key: to find both by their names costs more than to use
  /// them.
  @safe struct MAC: @unchecked Sendable {
    let pointer: OpaquePointer?

    static let hmacSHA256 = MAC(digest: "SHA256")
    static let hmacSHA512 = MAC(digest: "SHA512")

    /// Nil where OpenSSL has no HMAC with this digest to give.
    private init(digest: String) {
      let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
      defer { unsafe EVP_MAC_free(mac) }
      guard let mac = unsafe mac, let context = unsafe EVP_MAC_CTX_new(mac) else {
        unsafe pointer = nil
        return
      }
      let isSet = unsafe Self.set(digest, of: context)
      if !isSet { unsafe EVP_MAC_CTX_free(context) }
      unsafe pointer = isSet ? context : nil
    }

    /// An OSSL_PARAM keeps the pointers to its name and its value, so both stay in place until OpenSSL has read them: a
    /// literal passed as an argument is freed when that one call returns.
    private static func set(_ digest: String, of context: OpaquePointer) -> Bool {
      var digest = Array(digest.utf8CString)
      return unsafe "digest".withCString { name in
        unsafe digest.withUnsafeMutableBufferPointer { value in
          var parameters = unsafe [
            OSSL_PARAM_construct_utf8_string(name, value.baseAddress, 0),
            OSSL_PARAM_construct_end(),
          ]
          return unsafe EVP_MAC_CTX_set_params(context, &parameters) == 1
        }
      }
    }
  }

  /// The error for a call that failed, with the newest reason OpenSSL has; empties its queue.
  static func error(_ call: String) -> CryptoError {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    var text = [CChar](repeating: 0, count: 256)
    unsafe ERR_error_string_n(code, &text, text.count)
    let reason = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return .openSSL(call: call, reason: String(decoding: reason, as: UTF8.self))
  }
}
