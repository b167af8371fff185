/// Message authentication codes: HMAC with SHA-256 (RFC 2104).
package enum HMAC {
  /// Bytes of a code.
  package static let size = 32

  /// The code of a message under a key.
  package static func sha256(
    _ message: [UInt8], _ key: SymmetricKey
  ) throws(CryptoError) -> [UInt8] {
    try key.withSpan { (key) throws(CryptoError) in
      try HKDF.hmac(.sha256, key: key, message)
    }
  }
}
