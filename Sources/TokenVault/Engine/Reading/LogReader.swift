internal import VaultCrypto

/// Reads the commits behind a vault's snapshot from a version of its file, and opens them one after another.
struct LogReader {
  private var window: LogWindow

  init(_ file: VaultFile, _ version: VaultFile.Version, _ dataKey: DataKey) {
    window = LogWindow(file, version, dataKey)
  }

  /// Goes on behind `tail`, as far as the version went when it was looked at, and lends the text of each commit.
  ///
  /// What was never acknowledged is left where it is. Throws `damagedLogEntry` where something else is there.
  mutating func read(
    _ tail: inout LogPosition, _ body: (Span<UInt8>) throws(SnapshotFault) -> Void
  ) throws(TokenVaultError) {
    while tail.end < window.size {
      guard let (text, count) = try window.open(&tail.chain, at: tail.end) else {
        if try window.isTorn(tail.chain, from: tail.end) { return }
        throw .damagedLogEntry(path: window.path, offset: tail.end)
      }
      do throws(SnapshotFault) {
        try text.withSpan { (span) throws(SnapshotFault) in try body(span) }
      } catch {
        throw .damaged(path: window.path, place: error.place)
      }
      tail.pass(count)
    }
  }
}
