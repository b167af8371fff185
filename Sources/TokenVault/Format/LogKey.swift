internal import Synchronization
internal import VaultCrypto

/// The key of the log behind a snapshot, which is derived when an entry is first sealed or opened: a look-up in a vault
/// without a log needs none.
final class LogKey: Sendable {
  private let dataKey: SymmetricKey
  private let info: [UInt8]
  private let derived = Mutex<XAES256GCM?>(nil)

  init(_ store: StoreID, snapshotSalt: [UInt8], _ dataKey: DataKey) {
    self.dataKey = dataKey.secret
    info = Array("tokenvault/1 log\n\(store.text)\n\(Hexadecimal.encode(snapshotSalt))\n".utf8)
  }

  /// What seals and opens entries.
  func cipher() throws(CryptoError) -> XAES256GCM {
    try derived.withLock { (derived) throws(CryptoError) in
      if let derived { return derived }
      let cipher = try XAES256GCM(HKDF.key(from: dataKey, info: info))
      derived = cipher
      return cipher
    }
  }
}
