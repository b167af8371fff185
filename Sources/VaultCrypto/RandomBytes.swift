internal import COpenSSL

/// Random bytes that need not be kept secret: salts and identifiers.
package enum RandomBytes {
  /// `count` bytes from OpenSSL's public random generator.
  package static func make(count: Int) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard unsafe RAND_bytes(&bytes, Int32(clamping: count)) == 1 else {
      throw OpenSSL.error("RAND_bytes")
    }
    return bytes
  }
}
