/// What HKDF-Expand-SHA-512 makes for one message: AES key (32 bytes) || base nonce (12) || commitment (32).
struct DerivedKeys: Sendable {
  private let bytes: SecretBytes

  private static let label = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".utf8)
  private static let nonceEnd = SymmetricKey.size + AESGCM.nonceSize
  private static let size = nonceEnd + MessageLayout.prefixSize - MessageLayout.saltSize

  init(_ key: MessageKey, salt: [UInt8]) throws(CryptoError) {
    var info: [UInt8] = []
    info.reserveCapacity(Self.label.count + salt.count + key.context.count)
    info += Self.label
    info += salt
    info += key.context
    bytes = try HKDF.expand(key.key, info: info, count: Self.size)
  }

  /// The key commitment, which is not secret: it stands in the message.
  var commitment: [UInt8] { bytes.withSpan { $0.extracting(Self.nonceEnd...).array } }

  /// The cipher for the message's chunks.
  func cipher(_ direction: AESGCM.Direction) throws(CryptoError) -> AESGCM {
    try bytes.withSpan { (span) throws(CryptoError) in
      try AESGCM(
        direction, key: span.extracting(..<SymmetricKey.size),
        baseNonce: span.extracting(SymmetricKey.size..<Self.nonceEnd).array)
    }
  }

  /// Whether a message's prefix has this commitment, compared in constant time.
  func matchesCommitment(_ prefix: Span<UInt8>) -> Bool {
    let given = prefix.extracting(MessageLayout.saltSize..<MessageLayout.prefixSize)
    return bytes.withSpan { $0.extracting(Self.nonceEnd...).isEqualInConstantTime(to: given) }
  }
}
