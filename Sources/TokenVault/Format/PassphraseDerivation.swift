package import VaultCrypto

/// How slot keys are made of passphrases; one for the whole vault, so that a passphrase costs one scrypt
/// however many slots it could be for.
package struct PassphraseDerivation: Sendable, Equatable {
  /// The work of one guess.
  package let cost: Scrypt.Cost
  /// 16 random bytes.
  let salt: [UInt8]

  /// A new one.
  package static func random(cost: Scrypt.Cost) throws(CryptoError) -> PassphraseDerivation {
    PassphraseDerivation(cost: cost, salt: try RandomBytes.make(count: Scrypt.saltSize))
  }

  /// The key of a passphrase's UTF-8 bytes, taken as they are.
  package func slotKey(_ passphrase: SecretBytes) throws(CryptoError) -> SlotKey {
    try SlotKey(.passphrase, Scrypt.derive(passphrase, salt: salt, cost: cost))
  }
}
