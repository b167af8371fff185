package import VaultCrypto

extension VaultHeader {
  /// The header of a new store, at generation 1, and its new data key.
  package static func make(
    format: RecordFormat, store: StoreID, key: SecretBytes
  ) throws(CryptoError) -> (header: VaultHeader, dataKey: SecretBytes) {
    let dataKey = try SecretBytes.random(count: SealedMessage.keySize)
    let id = try DataKeyID.random()
    let slot = try KeySlot.wrap(dataKey, id: id, under: key, store: store)
    let header = VaultHeader(
      store: store, format: format, generation: 1, dataKeyID: id, slots: [slot])
    return (header, dataKey)
  }
}
