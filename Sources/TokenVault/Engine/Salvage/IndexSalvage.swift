internal import VaultCrypto

/// Finds where an index begins: there a snapshot ends whose length and last chunk are damaged.
struct IndexSalvage {
  private let key: MessageKey
  private var window: FileWindow

  /// For the index behind the snapshot with this salt.
  init(_ window: FileWindow, _ store: StoreID, snapshotSalt: [UInt8], _ dataKey: DataKey) {
    key = VaultContainer.indexKey(dataKey, store, snapshotSalt: snapshotSalt)
    self.window = window
  }

  /// Whether the index was sealed at an offset of the file, by its commitment.
  mutating func begins(at offset: Int64) throws(TokenVaultError) -> Bool {
    guard let prefix = try window.range(MessageLayout.prefixSize, at: offset) else { return false }
    return try TokenVaultError.wrap(
      crypto: key.matchesCommitment(window.bytes.span.extracting(prefix)))
  }
}
