package import VaultCrypto

/// The key that seals the records, and its name.
package struct DataKey: Sendable {
  /// Its name, which the header has too.
  package let id: DataKeyID
  /// The key itself.
  package let secret: SymmetricKey

  /// The key that a slot or the kernel's keyring gave.
  package init(id: DataKeyID, secret: SymmetricKey) { (self.id, self.secret) = (id, secret) }

  /// A new one.
  package static func random() throws(CryptoError) -> DataKey {
    DataKey(id: try .random(), secret: try .random())
  }
}
