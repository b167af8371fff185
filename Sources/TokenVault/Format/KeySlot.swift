internal import VaultCrypto

/// One way to open a vault: its data key, sealed under a key that is kept elsewhere.
package struct KeySlot: Sendable, Equatable {
  /// What the slot is called.
  package let name: String
  /// Which key opens it.
  package let keyID: KeyID
  /// The sealed data key: 104 bytes.
  let wrapped: [UInt8]

  static let wrappedSize = SealedMessage.size(sealing: SealedMessage.keySize)
  static let defaultName = "default"

  /// Seals `dataKey` under `key` for one store.
  static func wrap(
    _ dataKey: SecretBytes, id dataKeyID: DataKeyID, under key: SecretBytes, store: StoreID
  ) throws(CryptoError) -> KeySlot {
    let context = context(store: store, name: defaultName, dataKeyID: dataKeyID)
    let wrapped = try dataKey.withSpan { (bytes) throws(CryptoError) in
      try SealedMessage.seal(bytes, key: key, context: context)
    }
    return KeySlot(name: defaultName, keyID: try KeyID(of: key), wrapped: wrapped)
  }

  /// Opens the data key with the key that this slot is for.
  func unwrap(
    under key: SecretBytes, store: StoreID, dataKeyID: DataKeyID
  ) throws(CryptoError) -> SecretBytes {
    try SealedMessage.open(
      wrapped.span, key: key,
      context: Self.context(store: store, name: name, dataKeyID: dataKeyID))
  }

  /// Bound to store, slot and data key, so that it opens nowhere else.
  private static func context(store: StoreID, name: String, dataKeyID: DataKeyID) -> [UInt8] {
    Array("tokenvault/1 slot\n\(store.text)\n\(name)\n\(dataKeyID.text)".utf8)
  }
}
