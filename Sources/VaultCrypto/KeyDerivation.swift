internal import COpenSSL

/// Keys made from keys.
package enum KeyDerivation {
  private static let blockSize = 64  // of SHA-512

  /// HKDF-Expand with SHA-512 (RFC 5869, section 2.3): `count` bytes from a uniformly random `key`.
  ///
  /// `info` may have any length, which OpenSSL 3.0's own HKDF (2,048 bytes) does not allow: a vault
  /// header is part of it. `count` is at most 255 × 64.
  package static func expand(
    _ key: SecretBytes, info: [UInt8], count: Int
  ) throws(CryptoError) -> SecretBytes {
    unsafe try SecretBytes(count: count) { output throws(CryptoError) in
      var block: [UInt8] = []
      defer { block.cleanse() }
      for (index, start) in stride(from: 0, to: count, by: blockSize).enumerated() {
        var input: [UInt8] = []
        input.reserveCapacity(block.count + info.count + 1)
        input += block
        input += info
        input.append(UInt8(truncatingIfNeeded: index + 1))
        defer { input.cleanse() }
        block.cleanse()
        block = try hmac(key, input)
        let end = min(start + blockSize, count)
        unsafe output[start..<end].copyBytes(from: block.prefix(end - start))
      }
    }
  }

  /// HMAC-SHA-512 (RFC 2104): 64 bytes.
  private static func hmac(_ key: SecretBytes, _ input: [UInt8]) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: blockSize)
    guard let template = unsafe OpenSSL.MAC.hmacSHA512.pointer,
      let context = unsafe EVP_MAC_CTX_dup(template)
    else {
      throw OpenSSL.error("EVP_MAC_CTX_dup")
    }
    defer { unsafe EVP_MAC_CTX_free(context) }
    let made = key.withSpan { key in
      unsafe key.withUnsafeBufferPointer { key in
        unsafe EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
      }
    }
    var count = 0
    guard made, unsafe EVP_MAC_update(context, input, input.count) == 1,
      unsafe EVP_MAC_final(context, &output, &count, output.count) == 1, count == blockSize
    else { throw OpenSSL.error("EVP_MAC_final") }
    return output
  }
}
