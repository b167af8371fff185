internal import VaultCrypto

// Reading a vault that may be damaged.
extension VaultReader {
  /// A snapshot that is sound, though its index may be damaged.
  struct SoundSnapshot {
    let table: TokenTable
    let isIndexSound: Bool
    /// The empty log, and where it is.
    let chain: LogChain
    let area: LogArea
  }

  /// The snapshot, and where the log behind it begins; nil if it is damaged.
  func soundSnapshot(with dataKey: DataKey) throws(TokenVaultError) -> SoundSnapshot? {
    guard parts.isWhole else { return nil }
    do {
      let (table, chunks, keys) = try decodedSnapshot(with: dataKey, findingKeys: true)
      let isIndexSound = try isIndexSound(of: chunks, with: dataKey, keys)
      let log = try logStart(with: dataKey)
      // The length of a damaged index may be damaged, too.
      var window = logWindow()
      let head = isIndexSound ? nil : try window.firstHead(from: Int64(parts.snapshotEnd))
      return SoundSnapshot(
        table: table, isIndexSound: isIndexSound, chain: log.chain,
        area: LogArea(start: head?.start ?? log.area.start, header))
    } catch .damaged {
      return nil
    }
  }

  private func isIndexSound(
    of snapshot: MessageChunks, with dataKey: DataKey, _ keys: IndexText?
  ) throws(TokenVaultError) -> Bool {
    do { try verifyIndex(of: snapshot, with: dataKey, keys) } catch .damaged { return false }
    return true
  }

  /// The chunks that open of a damaged snapshot; nil if the file ends within its first bytes.
  func salvagedSnapshot(with dataKey: DataKey) throws(TokenVaultError) -> SalvagedSnapshot? {
    var salvage = try SnapshotSalvage(parts, file, version, dataKey)
    return try salvage?.run()
  }
}
