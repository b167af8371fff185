internal import COpenSSL

/// The handles and the error text of the system's OpenSSL.
enum OpenSSL {
  /// AES-256-GCM, fetched once: an implicit fetch for each message costs more than sealing a token.
  @safe struct Cipher: @unchecked Sendable {
    let pointer: OpaquePointer?

    static let aes256GCM = unsafe Cipher(
      pointer: EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))
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
