/// What HKDF-Expand-SHA-512 makes for one message: AES key (32 bytes) || base nonce (12) || commitment (32).
struct DerivedKeys: Sendable {
  private let bytes: SecretBytes

  private static let label = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".utf8)
  private static let nonceEnd = SymmetricKey.size + AESGCM.nonceSize
  private static let size = nonceEnd + MessageLayout.prefixSize - MessageLayout.saltSize

  init(_ key: MessageKey, salt: [UInt8]) throws(CryptoError) {
    bytes = try HKDF.expand(key.key, info: Self.label + salt + key.context, count: Self.size)
  }

  /// The key commitment, which is not secret: it stands in the message.
  var commitment: [UInt8] { bytes.withSpan { $0.extracting(Self.nonceEnd...).array } }

  /// The cipher for the message's chunks.
  func cipher(_ direction: AESGCM.Direction) throws(CryptoError) -> AESGCM {
    try bytes.withSpan { (span) throws(CryptoError) in
      let key = try SymmetricKey(copying: span.extracting(..<SymmetricKey.size))
      let nonce = span.extracting(SymmetricKey.size..<Self.nonceEnd).array
      return try AESGCM(direction, key, baseNonce: nonce)
    }
  }

  /// Whether a message's prefix has this commitment, compared in constant time.
  func matchesCommitment(_ prefix: Span<UInt8>) -> Bool {
    let given = prefix.extracting(MessageLayout.saltSize..<MessageLayout.prefixSize)
    return commitment.span.isEqualInConstantTime(to: given)
  }
}
