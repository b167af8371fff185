internal import VaultCrypto

/// The keyed hashes of an index: the first 32 bits of SipHash-2-4, under a key of the snapshot.
///
/// Under a secret key, hashes are uniform, so that a lookup can compute where one must be.
struct IndexHash: Sendable {
  private let hash: SipHash

  init(_ dataKey: DataKey, _ store: StoreID, snapshotSalt: [UInt8]) throws(CryptoError) {
    let info =
      "tokenvault/1 index hash\n\(store.text)\n\(Hexadecimal.encode(snapshotSalt))\n"
    hash = try SipHash(
      HKDF.expand(dataKey.secret, info: Array(info.utf8), count: SipHash.keySize))
  }

  func value(of key: SearchKey) -> UInt32 {
    value(key.kind, key.text.utf8.span, client: key.client.utf8.span)
  }

  /// The hash of a key; `client` is that of a `userAndClient`, whose user comes with its length, so that no two pairs are
  /// the same bytes.
  func value(_ kind: SearchKey.Kind, _ text: Span<UInt8>, client: Span<UInt8>) -> UInt32 {
    var state = hash.makeState()
    state.combine(kind.rawValue)
    if kind == .userAndClient {
      for shift in stride(from: 56, through: 0, by: -8) {
        state.combine(UInt8(truncatingIfNeeded: text.count >> shift))
      }
    }
    state.combine(text)
    state.combine(client)
    return UInt32(truncatingIfNeeded: state.finish() >> 32)
  }
}
