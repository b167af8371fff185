package import VaultCrypto

/// Tells of what stands behind the last commit, and does not begin with a sound one, whether a write that never came to
/// its end left it: it ends early, or has a run of 16 or more zero bytes, which the file system had allocated and no
/// process has written.
///
/// If the frame says that the commit is all there, and more behind it, or a later commit is there, the write was
/// acknowledged, and its commit is damaged. The tail comes in one piece after another: so one of any length is read in
/// bounded memory.
package struct TornWriteCheck {
  /// Where in the tail the next piece has to begin, in bytes; nil once the answer is certain.
  package private(set) var position: Int? = 0

  private let chain: LogChain
  private let size: Int
  private let dataKey: DataKey
  private var scan: FrameScan
  /// The frame that the tail begins with.
  private var first: LogFrame?
  private var hasLaterCommit = false
  private var hasZeroRun = false

  /// For a tail of so many bytes, which does not begin with a sound commit.
  package init(_ chain: LogChain, tailSize: Int, _ dataKey: DataKey) {
    (self.chain, size, self.dataKey) = (chain, tailSize, dataKey)
    scan = FrameScan(chain, tailSize: tailSize, dataKey)
  }

  /// Takes in the piece that begins at `position`, which has at least the bytes of a frame, or all that are left.
  package mutating func add(_ piece: Span<UInt8>) throws(CryptoError) {
    guard let start = position else { return }
    if start == 0 { first = LogFrame(piece) }
    // Pieces overlap by more than a run, so that it is whole in one of them.
    hasZeroRun = hasZeroRun || (piece.isZero ? piece.count >= 16 : Self.hasZeroRun(piece))
    // A frame at the very start is that of the next commit, or none.
    hasLaterCommit = try hasLaterFrame(piece, from: start == 0 ? 1 : 0)
    let end = start + piece.count
    position = hasLaterCommit || end >= size ? nil : end - FrameScan.overlap
  }

  private mutating func hasLaterFrame(
    _ piece: Span<UInt8>, from start: Int
  ) throws(CryptoError) -> Bool {
    if case .none = try scan.search(piece, from: start) { false } else { true }
  }

  /// The answer, once it is certain.
  package func isTorn() throws(CryptoError) -> Bool {
    if hasLaterCommit { return false }
    if size < LogFrame.size { return true }
    if let first, try chain.isNext(first, dataKey) {
      let whole = LogFrame.size + first.messageSize
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
