package import VaultCrypto

/// Tells of what stands behind the last commit whether a write that never came to its end left it (see
/// `CommitChain.isTorn`), from one piece after another: so a tail of any length is read in bounded memory.
package struct TornWriteCheck {
  /// Where in the tail the next piece has to begin, in bytes; nil once the answer is certain.
  package private(set) var position: Int? = 0

  private let chain: CommitChain
  private let size: Int
  private let dataKey: DataKey
  private var scan: FrameScan
  /// The frame that the tail begins with.
  private var first: CommitFrame?
  private var hasLaterCommit = false
  private var hasZeroRun = false

  /// For a tail of so many bytes, which does not begin with a sound commit.
  package init(_ chain: CommitChain, tailSize: Int, _ dataKey: DataKey) {
    (self.chain, size, self.dataKey) = (chain, tailSize, dataKey)
    scan = FrameScan(chain, tailSize: tailSize, dataKey)
  }

  /// Takes in the piece that begins at `position`, which has at least the bytes of a frame, or all that are left.
  package mutating func add(_ piece: Span<UInt8>) throws(CryptoError) {
    guard let start = position else { return }
    if start == 0 { first = CommitFrame(piece) }
    let isZero = Self.isZero(piece)
    // Pieces overlap by more than a run, so that it is whole in one of them.
    hasZeroRun = hasZeroRun || (isZero ? piece.count >= 16 : Self.hasZeroRun(piece))
    // No commit has the number 0. A frame at the very start is that of the next commit, or none.
    hasLaterCommit = isZero ? false : try hasLaterFrame(piece, from: start == 0 ? 1 : 0)
    let end = start + piece.count
    position = hasLaterCommit || end >= size ? nil : end - FrameScan.overlap
  }

  private mutating func hasLaterFrame(
    _ piece: Span<UInt8>, from start: Int
  ) throws(CryptoError) -> Bool {
    if case .none = try scan.search(piece, from: start) { false } else { true }
  }

  /// Whether all bytes are zeros, as in most of what the file system has allocated and no process has written: to tell it
  /// is a hundred times quicker than to look at each.
  private static func isZero(_ piece: Span<UInt8>) -> Bool {
    guard let last = piece.indices.last, piece[0] == 0 else { return false }
    return piece.extracting(..<last).isEqual(to: piece.extracting(1...))
  }

  /// The answer, once it is certain.
  package func isTorn() throws(CryptoError) -> Bool {
    if hasLaterCommit { return false }
    if size < CommitFrame.size { return true }
    if let first, try chain.isNext(first, dataKey) {
      let whole = CommitFrame.size + first.messageSize
      if whole != size { return whole > size }
    }
    return hasZeroRun
  }

  private static func hasZeroRun(_ bytes: Span<UInt8>) -> Bool {
    var run = 0
    for index in bytes.indices {
      run = bytes[index] == 0 ? run + 1 : 0
      if run == 16 { return true }
    }
    return false
  }
}
