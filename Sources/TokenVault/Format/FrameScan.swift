package import VaultCrypto

/// Looks for the frame of a later commit behind the last one of a chain, one piece after another: so a tail of any
/// length is searched in bounded memory.
package struct FrameScan {
  /// By so many bytes the next piece begins before the end of one, so that a frame which lies on the border is whole in
  /// one of them.
  package static let overlap = LogFrame.size - 1
  /// What looks like a frame by chance is rare, and to see that it is none takes time.
  private static let attemptLimit = 1000

  /// What comes of looking for the frame of a later commit.
  package enum Result {
    /// Its frame, and where that begins.
    case found(LogFrame, offset: Int)
    case none
    /// So much looks like a frame and is none that it was put there on purpose.
    case tooManyAttempts
  }

  private let chain: LogChain
  private let dataKey: DataKey
  /// The highest number that a commit here can have.
  private let last: UInt64
  private var attempts = 0

  /// For a tail of so many bytes behind the last commit of a chain.
  package init(_ chain: LogChain, tailSize: Int, _ dataKey: DataKey) {
    (self.chain, self.dataKey) = (chain, dataKey)
    // A commit takes more than a hundred bytes, so the numbers that can be here are few.
    last = chain.count + 1 + UInt64(tailSize / LogFrame.size)
  }

  /// The first frame of a later commit that is whole in the next piece, at or after `start` there.
  package mutating func search(
    _ piece: Span<UInt8>, from start: Int = 0
  ) throws(CryptoError) -> Result {
    let (chain, dataKey) = (chain, dataKey)
    return try search(piece, from: start) { (frame, _) throws(CryptoError) in
      try chain.isOurs(frame, dataKey)
    }
  }

  /// The same with another way to tell whether what looks like a frame, at an offset of the piece, is that of a commit.
  package mutating func search<Failure: Error>(
    _ piece: Span<UInt8>, from start: Int = 0,
    isRight: (LogFrame, Int) throws(Failure) -> Bool
  ) throws(Failure) -> Result {
    // No commit has the number 0.
    guard start + LogFrame.size <= piece.count, !piece.isZero else { return .none }
    // One byte more at each place, and not eight: a tail may be long.
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

extension Span<UInt8> {
  /// Whether all bytes are zeros, as in most of what the file system has allocated and no process has written: to tell it
  /// is a hundred times quicker than to look at each.
  var isZero: Bool {
    guard let last = indices.last, self[0] == 0 else { return false }
    return extracting(..<last).isEqual(to: extracting(1...))
  }
}
