internal import COpenSSL

/// Keys and secrets derived from a key: HKDF (RFC 5869).
package enum HKDF {
  /// The digest that HMAC rests on.
  package enum Digest {
    case sha256, sha512

    var size: Int { self == .sha256 ? 32 : 64 }
    fileprivate var hmac: OpenSSL.MAC { self == .sha256 ? .hmacSHA256 : .hmacSHA512 }
  }

  /// Another key: 32 bytes of HKDF-Expand-SHA-512.
  package static func key(
    from key: SymmetricKey, info: [UInt8]
  ) throws(CryptoError) -> SymmetricKey {
    try SymmetricKey(expand(key, info: info, count: SymmetricKey.size))
  }

  /// HKDF-Expand (section 2.3): `count` bytes, at most 255 times those of the digest.
  ///
  /// `info` may have any length, which OpenSSL 3.0's own HKDF (2,048 bytes) does not allow: a vault header is part of it.
  package static func expand(
    _ key: SymmetricKey, info: [UInt8], count: Int, digest: Digest = .sha512
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

  /// HKDF-Extract-SHA-256 (section 2.2). Without a salt, it is 32 zeros. The caller cleanses `input`.
  static func extract(salt: SymmetricKey?, _ input: [UInt8]) throws(CryptoError) -> SymmetricKey {
    var key: [UInt8]
    if let salt {
      key = try salt.withSpan { (salt) throws(CryptoError) in try hmac(.sha256, key: salt, input) }
    } else {
      let zeros = [UInt8](repeating: 0, count: Digest.sha256.size)
      key = try hmac(.sha256, key: zeros.span, input)
    }
    defer { key.cleanse() }
    return try SymmetricKey(copying: key.span)
  }

  /// HMAC (RFC 2104).
  static func hmac(
    _ digest: Digest, key: Span<UInt8>, _ input: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: digest.size)
    guard let template = unsafe digest.hmac.pointer,
      let context = unsafe EVP_MAC_CTX_dup(template)
    else {
      throw OpenSSL.error("EVP_MAC_CTX_dup")
    }
    defer { unsafe EVP_MAC_CTX_free(context) }
    let isSet = unsafe key.withUnsafeBufferPointer { key in
      unsafe EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
    }
    var count = 0
    guard isSet, unsafe EVP_MAC_update(context, input, input.count) == 1,
      unsafe EVP_MAC_final(context, &output, &count, output.count) == 1, count == digest.size
    else { throw OpenSSL.error("EVP_MAC_final") }
    return output
  }
}
