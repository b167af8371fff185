internal import VaultCrypto

// Opening a large vault without decoding its records.
extension VaultReader {
  /// The records of a large vault, which are not decoded, and of its log's last extent, which are.
  func undecoded(
    with dataKey: DataKey, seen: SeenGeneration?
  ) throws(TokenVaultError) -> (records: StoredRecords, position: LogPosition) {
    let (snapshot, start) = (try LazySnapshot(self, dataKey), try logStart(with: dataKey))
    if let read = try? summarized(snapshot, behind: start, seen: seen) { return read }
    // There is nothing to pass over, or an anomaly, which reading in order gets to the bottom of.
    return try log(behind: start, seen: seen, over: snapshot)
  }

  /// The same by the summaries of the extents before the last; nil if there are none.
  private func summarized(
    _ snapshot: LazySnapshot, behind start: LogPosition, seen: SeenGeneration?
  ) throws(TokenVaultError) -> (StoredRecords, LogPosition)? {
    var (snapshot, position) = (snapshot, start)
    var window = logWindow(aheadSize: LogWindow.summarySize)
    guard let earlier = try window.earlierExtents(&position, snapshot.hash),
      snapshot.begin(behind: earlier)
    else { return nil }
    return try log(behind: position, seen: seen, over: snapshot)
  }

  private func log(
    behind start: LogPosition, seen: SeenGeneration?, over snapshot: LazySnapshot
  ) throws(TokenVaultError) -> (StoredRecords, LogPosition) {
    var (records, position) = (StoredRecords(snapshot, as: header.format), start)
    var window = logWindow()
    try window.read(&position, covered: header.entry(of: seen)) { (text) throws(SnapshotFault) in
      try records.apply(entry: text)
    }
    return (records, position)
  }
}
