package import VaultCrypto

/// What opens one slot: a key that a key file holds, scrypt makes of a passphrase, or a recovery code
/// writes.
package struct SlotKey: Sendable {
  /// What the bytes come from.
  package let kind: SlotKind
  /// The key itself.
  package let secret: SymmetricKey
  /// Their name, which does not give them away.
  package let id: KeyID

  /// The key that comes from such a place.
  package init(_ kind: SlotKind, _ secret: SymmetricKey) throws(CryptoError) {
    (self.kind, self.secret, id) = (kind, secret, try KeyID(of: secret))
  }

  /// A new one.
  package static func random(_ kind: SlotKind) throws(CryptoError) -> SlotKey {
    try SlotKey(kind, .random())
  }

  /// The X25519 keys that others wrap a new data key for, without knowing this one.
  func keyPair() throws(CryptoError) -> HPKE.KeyPair { try HPKE.KeyPair(derivedFrom: secret) }

  /// What shows that such a wrapped data key comes from someone who had the vault open, and not from
  /// someone who only read the public key in its header.
  func authenticator() throws(CryptoError) -> SymmetricKey {
    try KeyDerivation.key(from: secret, info: Array("tokenvault/1 slot authenticator".utf8))
  }
}
