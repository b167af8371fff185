internal import VaultCrypto

// Opening a large vault without decoding its records.
extension VaultReader {
  /// The records of a large vault, which are not decoded, and of its log's last extent, which are.
  func undecoded(
    with dataKey: DataKey, seen: SeenGeneration?
  ) throws(TokenVaultError) -> (records: StoredRecords, position: LogPosition) {
    let snapshot = try LazySnapshot(self, dataKey)
    if let read = try? summarized(snapshot, with: dataKey, seen: seen) { return read }
    // There is nothing to pass over, or an anomaly, which reading in order gets to the bottom of.
    var records = StoredRecords(snapshot, as: header.format)
    let position = try log(with: dataKey, seen: seen) { (text) throws(SnapshotFault) in
      try records.apply(entry: text)
    }
    return (records, position)
  }

  /// The same by the summaries of the extents before the last; nil if there are none.
  private func summarized(
    _ snapshot: LazySnapshot, with dataKey: DataKey, seen: SeenGeneration?
  ) throws(TokenVaultError) -> (StoredRecords, LogPosition)? {
    var (snapshot, position, window) = (snapshot, try logStart(with: dataKey), logWindow())
    guard let earlier = try window.earlierExtents(&position, snapshot.hash),
      snapshot.begin(behind: earlier)
    else { return nil }
    var records = StoredRecords(snapshot, as: header.format)
    try window.read(&position, covered: header.entry(of: seen)) { (text) throws(SnapshotFault) in
      try records.apply(entry: text)
    }
    return (records, position)
  }
}
