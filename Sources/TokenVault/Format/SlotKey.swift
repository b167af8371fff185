package import VaultCrypto

/// What opens one slot: 32 bytes that a key file holds, scrypt makes of a passphrase, or a recovery code
/// writes.
package struct SlotKey: Sendable {
  /// What the bytes come from.
  package let kind: SlotKind
  /// The bytes.
  package let secret: SecretBytes
  /// Their name, which does not give them away.
  package let id: KeyID

  /// The key of these 32 bytes.
  package init(_ kind: SlotKind, _ secret: SecretBytes) throws(CryptoError) {
    (self.kind, self.secret, id) = (kind, secret, try KeyID(of: secret))
  }

  /// A new one.
  package static func random(_ kind: SlotKind) throws(CryptoError) -> SlotKey {
    try SlotKey(kind, .random(count: SealedMessage.keySize))
  }

  /// The X25519 keys that others wrap a new data key for, without knowing these bytes.
  func keyPair() throws(CryptoError) -> HPKE.KeyPair { try HPKE.KeyPair(derivedFrom: secret) }

  /// What shows that such a wrapped data key comes from someone who had the vault open, and not from
  /// someone who only read the public key in its header.
  func authenticator() throws(CryptoError) -> SecretBytes {
    try KeyDerivation.expand(
      secret, info: Array("tokenvault/1 slot authenticator".utf8), count: SealedMessage.keySize)
  }
}
