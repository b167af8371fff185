internal import VaultCrypto

/// Tells a torn write from damage: bytes behind the last sound log entry that do not begin with another.
///
/// A torn write was never acknowledged. It ends early, or has a run of 16 or more zero bytes, which the file system had
/// allocated and no process has written. If the frame says that the entry is whole and more follows, or a later entry
/// follows, the write was acknowledged, and its entry is damaged. The bytes come piece by piece, so that any number of
/// them is read in bounded memory.
struct TornWriteCheck {
  /// Where the next piece has to begin, in bytes behind the last sound entry; nil once the answer is certain.
  private(set) var position: Int? = 0

  private static let zeroRun = [UInt8](repeating: 0, count: 16)

  private let chain: LogChain
  private let size: Int
  private let dataKey: DataKey
  private var scan: FrameScan
  /// The frame at the start.
  private var first: LogFrame?
  private var hasLaterEntry = false
  private var hasZeroRun = false

  /// A check of `size` bytes that do not begin with a sound entry.
  init(_ chain: LogChain, size: Int, _ dataKey: DataKey) {
    (self.chain, self.size, self.dataKey) = (chain, size, dataKey)
    scan = FrameScan(chain, size: size)
  }

  /// Checks the piece that begins at `position`. It has at least the bytes of a frame, or all that are left.
  mutating func add(_ piece: Span<UInt8>) throws(CryptoError) {
    guard let start = position else { return }
    if start == 0 { first = LogFrame(piece) }
    // Pieces overlap by more than 16 bytes, so that a run is whole in one of them.
    hasZeroRun = hasZeroRun || piece.place(of: Self.zeroRun.span, from: 0) != nil
    // A frame at the very start is that of the next entry, or none.
    let (chain, dataKey) = (chain, dataKey)
    let later = try scan.search(piece, from: start == 0 ? 1 : 0) { (frame, _) throws(CryptoError) in
      try chain.hasRightTag(frame, dataKey)
    }
    if case .none = later {} else { hasLaterEntry = true }
    let end = start + piece.count
    position = hasLaterEntry || end >= size ? nil : end - FrameScan.overlap
  }

  /// Whether the bytes are a torn write; to be asked once `position` is nil.
  func isTorn() throws(CryptoError) -> Bool {
    if hasLaterEntry { return false }
    if size < LogFrame.size { return true }
    if let first, try chain.isNext(first, dataKey) {
      let whole = LogFrame.size + first.messageSize
      if whole != size { return whole > size }
    }
    return hasZeroRun
  }
}
