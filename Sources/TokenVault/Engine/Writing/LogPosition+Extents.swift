internal import VaultCrypto

extension LogPosition {
  /// The next extent, which begins with a summary of the last one.
  ///
  /// - Returns: Its bytes, and where the log goes on in it; nil if the summary is larger than an extent.
  func nextExtent(
    _ summary: Span<UInt8>
  ) throws(CryptoError) -> (bytes: [UInt8], position: LogPosition)? {
    var next = self
    next.beginNextExtent()
    guard next.hasRoomInExtent(for: summary.count) else { return nil }
    var bytes = next.area.extent(next.extent, snapshotSalt: next.chain.snapshotSalt)
    let sealed = try next.chain.seal(summary, as: .summary)
    bytes.replaceSubrange(LogArea.headSize..<LogArea.headSize + sealed.count, with: sealed)
    next.pass(summary.count)
    next.markZerosSeen()
    return (bytes, next)
  }
}
