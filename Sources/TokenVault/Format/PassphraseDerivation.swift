internal import VaultCrypto

/// How passphrases become KEKs: one derivation for the whole vault, so that a passphrase costs one scrypt for any number of
/// slots.
struct PassphraseDerivation: Sendable, Equatable {
  let cost: Scrypt.Cost
  /// 16 random bytes.
  let salt: [UInt8]

  /// A derivation with a new salt.
  static func random(cost: Scrypt.Cost) throws(CryptoError) -> PassphraseDerivation {
    PassphraseDerivation(cost: cost, salt: try RandomBytes.make(count: Scrypt.saltSize))
  }

  /// The KEK of a passphrase's UTF-8 bytes, which are not normalized.
  func slotKey(_ passphrase: SecretBytes) throws(CryptoError) -> SlotKey {
    try SlotKey(.passphrase, Scrypt.derive(passphrase, salt: salt, cost: cost))
  }
}
