internal import VaultCrypto

/// Searches for the frame of a later log entry behind the last sound one, piece by piece: any number of bytes is searched
/// in bounded memory.
struct FrameScan {
  /// The bytes by which two pieces overlap, so that a frame on the border is whole in one of them.
  static let overlap = LogFrame.size - 1
  /// Bytes that look like a frame by chance are rare, and each takes an HMAC to refuse.
  private static let attemptLimit = 1000

  /// The result of a search.
  enum Result {
    /// The frame of a later entry, and where it begins in the piece.
    case found(LogFrame, offset: Int)
    /// The piece has none.
    case none
    /// So many places look like a frame and are none that this was made on purpose.
    case tooManyAttempts
  }

  private let chain: LogChain
  /// The highest number that an entry here can have.
  private let last: UInt64
  private var attempts = 0

  /// A search of `size` bytes behind the last sound entry of a chain.
  init(_ chain: LogChain, size: Int) {
    self.chain = chain
    // An entry takes more than a frame, so few numbers are possible here.
    last = chain.count + 1 + UInt64(size / LogFrame.size)
  }

  /// Finds the first frame of a later entry that is whole in the next piece, at or after `start` there.
  ///
  /// - Parameter isRight: Whether what looks like a frame at an offset of the piece is one.
  mutating func search<Failure: Error>(
    _ piece: Span<UInt8>, from start: Int = 0,
    isRight: (LogFrame, Int) throws(Failure) -> Bool
  ) throws(Failure) -> Result {
    // No entry has the number 0.
    guard start + LogFrame.size <= piece.count, !piece.isZero else { return .none }
    // Shifts one byte in at each place instead of reading eight.
    var number = LogFrame.number(piece, at: start) >> 8
    for offset in start...(piece.count - LogFrame.size) {
      number = number << 8 | UInt64(piece[offset + LogFrame.numberEnd - 1])
      guard number > chain.count, number <= last,
        let frame = LogFrame(piece.extracting(offset..<piece.count))
      else { continue }
      if try isRight(frame, offset) { return .found(frame, offset: offset) }
      attempts += 1
      if attempts == Self.attemptLimit { return .tooManyAttempts }
    }
    return .none
  }
}
