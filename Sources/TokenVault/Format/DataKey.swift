internal import VaultCrypto

/// The data-encryption key (DEK), and its name. It seals the records: the snapshot and the log.
///
/// Every slot of the header wraps the same DEK, each under a key-encryption key of its own (KEK, ``SlotKey``).
struct DataKey: Sendable {
  let id: DataKeyID
  let secret: SymmetricKey

  /// A new random DEK with a random name.
  static func random() throws(CryptoError) -> DataKey {
    DataKey(id: try .random(), secret: try .random())
  }
}
