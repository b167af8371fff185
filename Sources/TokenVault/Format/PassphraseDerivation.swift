internal import VaultCrypto

/// How the passphrase of a slot becomes its KEK. Each slot has a salt of its own, so that work done to guess one passphrase
/// helps against no other, and a new passphrase gets a new salt and the cost of its day.
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
    try SlotKey(
      .passphrase, Scrypt.derive(passphrase, salt: salt, cost: cost), derivation: self)
  }
}
