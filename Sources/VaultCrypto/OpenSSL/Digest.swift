internal import COpenSSL

/// Unkeyed digests.
package enum Digest {
  /// The SHA-256 of `bytes` (FIPS 180-4): 32 bytes.
  package static func sha256(_ bytes: Span<UInt8>) throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe EVP_Digest(
        input.baseAddress, input.count, &digest, nil, OpenSSL.Hash.sha256.pointer, nil)
    }
    guard done == 1 else { throw OpenSSL.error("EVP_Digest") }
    return digest
  }
}
