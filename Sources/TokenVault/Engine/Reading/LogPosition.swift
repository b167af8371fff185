/// Where the commits of a vault are in its file, as far as they were read.
struct LogPosition: Sendable {
  /// The commits, and what the next one is bound to.
  var chain: LogChain
  /// Where the snapshot ends, and the first commit begins, in bytes.
  let start: Int64
  /// Where the last commit begins, in bytes; the snapshot's end where there is none.
  private(set) var last: Int64
  /// Where the last commit ends, in bytes: a file that has more has a tail that was never acknowledged.
  private(set) var end: Int64
  /// Bytes of the snapshot's sealed message.
  let snapshotSize: Int64

  /// The most commits there are: each takes some microseconds to open.
  private static let countLimit = 16_384

  /// A snapshot without commits.
  init(_ chain: LogChain, snapshotSize: Int, end: Int64) {
    (self.chain, self.snapshotSize) = (chain, Int64(snapshotSize))
    (start, last, self.end) = (end, end, end)
  }

  /// Goes on behind a commit of so many bytes.
  mutating func pass(_ count: Int64) { (last, end) = (end, end + count) }

  /// Whether a vault with this header may have another commit of so many bytes: not where the file is small, so that
  /// it is as well replaced, and not where the commits would be more than the snapshot, or so many that to open them
  /// takes longer than that, so that it has to be.
  func hasRoom(for count: Int, in header: VaultHeader) -> Bool {
    start > Int64(VaultContainer.replaceLimit) && end - start + Int64(count) <= snapshotSize
      && end + Int64(count) <= VaultFile.sizeLimit && chain.count < Self.countLimit
      && header.generation + chain.count < VaultHeader.generationLimit
  }
}
