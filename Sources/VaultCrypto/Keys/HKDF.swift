/// Keys and secrets derived from a key: HKDF (RFC 5869).
package enum HKDF {
  /// The digest that HMAC rests on.
  package enum Digest {
    case sha256, sha512

    var size: Int { self == .sha256 ? 32 : 64 }
    var hmac: OpenSSL.MAC { self == .sha256 ? .hmacSHA256 : .hmacSHA512 }
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
    try key.withState(digest) { (state) throws(CryptoError) in
      unsafe try SecretBytes(count: count) { (output) throws(CryptoError) in
        var start = 0
        while start < count {
          // The block before, which is whole: only the last one is cut.
          let before = unsafe output[max(0, start - digest.size)..<start]
          unsafe try state.update(UnsafeRawBufferPointer(rebasing: before))
          try state.update(info.span)
          try state.update([UInt8(truncatingIfNeeded: start / digest.size + 1)].span)
          let end = min(start + digest.size, count)
          unsafe try state.finish(UnsafeMutableRawBufferPointer(rebasing: output[start..<end]))
          start = end
        }
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
    let state = try HMACState(digest, key: key)
    try state.update(input.span)
    var output = [UInt8](repeating: 0, count: digest.size)
    unsafe try output.withMutableMemory { (output) throws(CryptoError) in
      unsafe try state.finish(output)
    }
    return output
  }
}
