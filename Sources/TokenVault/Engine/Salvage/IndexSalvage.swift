internal import VaultCrypto

/// Finds where an index ends that may be damaged, or whose length may be: there the log begins.
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

  /// The end of the index at an offset of the file: as its first chunk says, else as its length does if that is possible.
  ///
  /// - Parameters:
  ///   - textSize: The bytes of the snapshot's plaintext.
  ///   - claimed: The bytes of the index's message, as they stand in the file.
  /// - Returns: Nil if neither tells.
  mutating func end(
    from offset: Int64, textSize: Int, claimed: Int?
  ) throws(TokenVaultError) -> Int64? {
    if let layout = try layout(at: offset, textSize: textSize) {
      return offset + Int64(MessageLayout.size(sealing: layout.size))
    }
    guard let claimed, let message = try? MessageLayout(size: claimed),
      IndexLayout.mayHave(size: message.plaintextSize, textSize: textSize),
      offset + Int64(claimed) <= window.size
    else { return nil }
    return offset + Int64(claimed)
  }

  /// The layout in the first chunk, of which is not known how long it is.
  private mutating func layout(
    at offset: Int64, textSize: Int
  ) throws(TokenVaultError) -> IndexLayout? {
    guard let salt = try window.range(MessageLayout.saltSize, at: offset) else { return nil }
    let reader = try TokenVaultError.wrap(
      crypto: OpeningReader(key, salt: window.bytes.span.extracting(salt).array))
    let chunk = offset + Int64(MessageLayout.offset(ofChunk: 0))
    for size in IndexLayout.sizes(ofFirstChunk: textSize) {
      guard let sealed = try window.range(size + MessageLayout.tagSize, at: chunk) else {
        return nil
      }
      let isOpen = try TokenVaultError.wrap(
        crypto: reader.opens(0, window.bytes.span.extracting(sealed)))
      if isOpen { return IndexLayout(reader.text.span, textSize: textSize) }
    }
    return nil
  }
}
