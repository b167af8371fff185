internal import COpenSSL

/// Keys made from keys: HKDF (RFC 5869).
package enum KeyDerivation {
  /// The digest that HKDF rests on.
  package enum Digest: Sendable {
    case sha256, sha512

    fileprivate var size: Int { self == .sha256 ? 32 : 64 }
    fileprivate var hmac: OpenSSL.MAC { self == .sha256 ? .hmacSHA256 : .hmacSHA512 }
  }

  /// HKDF-Expand-SHA-512 (RFC 5869, section 2.3): `count` bytes, at most 255 × 64, from a key.
  ///
  /// `info` may have any length, which OpenSSL 3.0's own HKDF (2,048 bytes) does not allow: a vault
  /// header is part of it.
  package static func expand(
    _ key: SymmetricKey, info: [UInt8], count: Int
  ) throws(CryptoError) -> SecretBytes {
    try expand(key.bytes, info: info, count: count, digest: .sha512)
  }

  /// The same for another key: 32 bytes.
  package static func key(
    from key: SymmetricKey, info: [UInt8]
  ) throws(CryptoError) -> SymmetricKey {
    try SymmetricKey(expand(key, info: info, count: SymmetricKey.size))
  }

  /// The same from a uniformly random key of any length, and with any digest.
  static func expand(
    _ key: SecretBytes, info: [UInt8], count: Int, digest: Digest
  ) throws(CryptoError) -> SecretBytes {
    unsafe try SecretBytes(count: count) { output throws(CryptoError) in
      var block: [UInt8] = []
      defer { block.cleanse() }
      for (index, start) in stride(from: 0, to: count, by: digest.size).enumerated() {
        var input: [UInt8] = []
        input.reserveCapacity(block.count + info.count + 1)
        input += block
        input += info
        input.append(UInt8(truncatingIfNeeded: index + 1))
        defer { input.cleanse() }
        block.cleanse()
        block = try key.withSpan { (key) throws(CryptoError) in
          try hmac(digest, key: key, input)
        }
        let end = min(start + digest.size, count)
        unsafe output[start..<end].copyBytes(from: block.prefix(end - start))
      }
    }
  }

  /// HKDF-Extract (RFC 5869, section 2.2): a uniformly random key of the digest's size.
  ///
  /// An empty salt stands for zeros of that size, as HMAC pads its keys. The caller cleanses `input`.
  static func extract(
    salt: Span<UInt8>, _ input: [UInt8], digest: Digest
  ) throws(CryptoError) -> SecretBytes {
    var key = try hmac(digest, key: salt, input)
    defer { key.cleanse() }
    return try SecretBytes(copying: key.span)
  }

  /// HMAC (RFC 2104).
  private static func hmac(
    _ digest: Digest, key: Span<UInt8>, _ input: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: digest.size)
    guard let template = unsafe digest.hmac.pointer,
      let context = unsafe EVP_MAC_CTX_dup(template)
    else {
      throw OpenSSL.error("EVP_MAC_CTX_dup")
    }
    defer { unsafe EVP_MAC_CTX_free(context) }
    // Without a key at all, OpenSSL would look for the one of an earlier call.
    let zero: [UInt8] = [0]
    let made = unsafe key.withUnsafeBufferPointer { key in
      unsafe key.isEmpty
        ? EVP_MAC_init(context, zero, zero.count, nil) == 1
        : EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
    }
    var count = 0
    guard made, unsafe EVP_MAC_update(context, input, input.count) == 1,
      unsafe EVP_MAC_final(context, &output, &count, output.count) == 1, count == digest.size
    else { throw OpenSSL.error("EVP_MAC_final") }
    return output
  }
}
