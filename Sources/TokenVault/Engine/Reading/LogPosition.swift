/// The log of a vault in its file, as far as it was read.
struct LogPosition: Sendable {
  /// The chain of entries, to which the next one is bound.
  var chain: LogChain
  /// The offset of the first entry, in bytes: the end of the index.
  let start: Int64
  /// The offset of the last entry, in bytes; `start` if there is none.
  private(set) var last: Int64
  /// The end of the last entry, in bytes: what is behind it is a torn write, which was never acknowledged.
  private(set) var end: Int64
  /// Bytes of snapshot and index.
  let lengths: VaultContainer.Lengths

  /// The most entries that a log may have: each takes some microseconds to open.
  private static let countLimit = 16_384

  /// A snapshot without a log.
  init(_ chain: LogChain, _ lengths: VaultContainer.Lengths, end: Int64) {
    (self.chain, self.lengths) = (chain, lengths)
    (start, last, self.end) = (end, end, end)
  }

  /// Whether the vault is so large that saves append to its log.
  var isLarge: Bool { VaultContainer.isLarge(snapshotEnd: start) }

  /// Goes on behind an entry of so many bytes.
  mutating func pass(_ count: Int64) { (last, end) = (end, end + count) }

  /// Whether a vault with this header may append another entry of so many bytes. If not, the next commit replaces the
  /// file: a small one always; a large one if its log would be larger than its snapshot or has too many entries, or if
  /// the file or the generation would pass its limit.
  func hasRoom(for count: Int, in header: VaultHeader) -> Bool {
    isLarge && end - start + Int64(count) <= Int64(lengths.snapshot)
      && end + Int64(count) <= VaultFile.sizeLimit && chain.count < Self.countLimit
      && header.generation + chain.count < VaultHeader.generationLimit
  }
}
