internal import VaultCrypto

/// Reads the log behind a vault's snapshot from a version of its file, and opens its entries one after another.
struct LogReader {
  private var window: LogWindow

  init(_ file: VaultFile, _ version: VaultFile.Version, _ dataKey: DataKey) {
    window = LogWindow(file, version, dataKey)
  }

  /// Reads the entries behind `position`, up to the version's end, and lends the text of each.
  ///
  /// A torn write at the end is left in place: it was never acknowledged.
  ///
  /// - Throws: `TokenVaultError.damagedLogEntry` if the log has anything else that is not an entry;
  ///   `TokenVaultError.damaged` with the fault that `body` throws.
  mutating func read(
    _ position: inout LogPosition, _ body: (Span<UInt8>) throws(SnapshotFault) -> Void
  ) throws(TokenVaultError) {
    while position.end < window.size {
      guard let (text, count) = try window.open(&position.chain, at: position.end) else {
        if try window.isTorn(position.chain, from: position.end) { return }
        throw .damagedLogEntry(path: window.path, offset: position.end)
      }
      do throws(SnapshotFault) {
        try text.withSpan { (span) throws(SnapshotFault) in try body(span) }
      } catch {
        throw .damaged(path: window.path, place: error.place)
      }
      position.pass(count)
    }
  }
}
