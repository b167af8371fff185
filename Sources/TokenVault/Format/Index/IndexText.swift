internal import VaultCrypto

/// The plaintext of an index, in pieces of a chunk each, so that it is never in memory as a whole.
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
    let end = min(start + MessageLayout.chunkSize, layout.size)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - start + layout.entrySize)
    if index == 0 { bytes += layout.head }
    let entries = layout.entries(inChunk: index)
    if index > 0, entries.lowerBound > 0 { appendRest(of: entries.lowerBound - 1, from: start, to: &bytes) }
    for place in entries { append(place, to: &bytes) }
    if bytes.count > end - start { bytes.removeLast(bytes.count - (end - start)) }
    bytes.append(contentsOf: repeatElement(0, count: end - start - bytes.count))
    return bytes
  }

  /// Appends what an entry that begins in the chunk before has in this one.
  private func appendRest(of place: Int, from start: Int, to bytes: inout [UInt8]) {
    let rest = layout.range(ofEntry: place).upperBound - start
    guard rest > 0 else { return }
    var entry: [UInt8] = []
    append(place, to: &entry)
    bytes += entry.suffix(rest)
  }

  private func append(_ place: Int, to bytes: inout [UInt8]) {
    let word = words[place]
    for shift in stride(from: 56, through: 32, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
    }
    for place in (0..<layout.offsetSize).reversed() {
      bytes.append(place < 4 ? UInt8(truncatingIfNeeded: word >> UInt64(8 * place)) : 0)
    }
  }
}
