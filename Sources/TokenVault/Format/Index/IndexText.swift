internal import VaultCrypto

/// The plaintext of an index, in pieces of a chunk each, so that it is never in memory as a whole. Its offsets have 4 bytes,
/// since no file that this program writes has 4 GiB.
struct IndexText {
  let layout: IndexLayout
  /// Hash and offset of each entry, in order.
  private let words: [UInt64]

  init(_ layout: IndexLayout, _ words: [UInt64]) { (self.layout, self.words) = (layout, words) }

  /// The number of pieces; the last one may be empty.
  var chunks: Int { layout.size / MessageLayout.chunkSize + 1 }

  /// The plaintext of a chunk.
  func text(ofChunk index: Int) -> [UInt8] {
    let start = index * MessageLayout.chunkSize
    var bytes = [UInt8](
      repeating: 0, count: min(MessageLayout.chunkSize, layout.size - start))
    if index == 0 { bytes.replaceSubrange(0..<IndexLayout.headSize, with: layout.head) }
    // A word each, so that none is cut by the chunk's border.
    let entries = layout.entries(inChunk: index)
    unsafe bytes.withUnsafeMutableBytes { memory in
      for place in entries {
        let offset = layout.range(ofEntry: place).lowerBound - start
        unsafe memory.storeBytes(of: words[place].bigEndian, toByteOffset: offset, as: UInt64.self)
      }
    }
    return bytes
  }
}
