internal import VaultCrypto

/// A key-encryption key (KEK): it unwraps the data-encryption key (DEK, ``DataKey``) from one slot.
///
/// A key file holds it, scrypt derives it from a passphrase, or a recovery code spells it.
struct SlotKey: Sendable {
  let kind: SlotKind
  let secret: SymmetricKey
  /// The key's name, which does not disclose it.
  let id: KeyID
  /// How a passphrase became this key; nil for every other kind.
  let derivation: PassphraseDerivation?

  init(
    _ kind: SlotKind, _ secret: SymmetricKey, derivation: PassphraseDerivation? = nil
  ) throws(CryptoError) {
    (self.kind, self.secret, id) = (kind, secret, try KeyID(of: secret))
    self.derivation = derivation
  }

  static func random(_ kind: SlotKind) throws(CryptoError) -> SlotKey {
    try SlotKey(kind, .random())
  }

  /// The X25519 keys for which a rotation wraps a new DEK without this key.
  func keyPair() throws(CryptoError) -> HPKE.KeyPair { try HPKE.KeyPair(derivedFrom: secret) }

  /// Proves that a DEK wrapped for `keyPair` comes from a holder of the former DEK, not from a reader of the public key
  /// in the header.
  func authenticator() throws(CryptoError) -> SymmetricKey {
    try HKDF.key(from: secret, info: Array("tokenvault/1 slot authenticator".utf8))
  }
}
