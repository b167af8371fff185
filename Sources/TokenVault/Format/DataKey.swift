package import VaultCrypto

/// The data-encryption key (DEK), and its name. It seals the records: the snapshot and the log.
///
/// Every slot of the header wraps the same DEK, each under a key-encryption key of its own (KEK, ``SlotKey``).
package struct DataKey: Sendable {
  /// Its name, which the header has, too.
  package let id: DataKeyID
  /// The key itself.
  package let secret: SymmetricKey

  /// The key that a slot or the kernel's keyring returned.
  package init(id: DataKeyID, secret: SymmetricKey) { (self.id, self.secret) = (id, secret) }

  /// A new random DEK with a random name.
  package static func random() throws(CryptoError) -> DataKey {
    DataKey(id: try .random(), secret: try .random())
  }
}
