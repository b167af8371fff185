internal import VaultCrypto

extension KeyRotator {
  /// The header with what the new key is made with: a new salt, so that work done to guess the old passphrase does not help
  /// against the new one, and the cost of today.
  func planned(_ base: Base, _ newKey: NewKey) throws(TokenVaultError) -> VaultHeader {
    var header = base.header
    guard case .passphrase = newKey else { return header }
    do { try header.renewPassphraseDerivation(cost: configuration.passphraseCost) } catch {
      throw TokenVaultError(error)
    }
    return header
  }

  /// The key that the source has for a slot of this header.
  func key(of source: KeySource, _ header: VaultHeader) throws(KeyError) -> SlotKey {
    try source.slotKey(header, configuration.locations, configuration.disk)
  }
}
