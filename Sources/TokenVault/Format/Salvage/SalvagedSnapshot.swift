internal import VaultCrypto

/// What can still be opened of a damaged snapshot.
package struct SalvagedSnapshot: Sendable {
  /// The text, with zeros in the place of what cannot be opened.
  package internal(set) var text: [UInt8]
  /// Where the text is authentic; each range is as long as it can be.
  package internal(set) var sound: [Range<Int>] = []
  /// How many chunks there are, and how many of them do not open.
  package internal(set) var chunks = 0
  package internal(set) var lostChunks = 0
  /// Whether the last sound range ends where the text does, and the text where it did.
  package internal(set) var hasEnd = false
  /// Where the commits begin, in bytes of the file.
  package let end: Int
  /// What commits behind this snapshot are bound to.
  package let chain: CommitChain

  init(textSize: Int, end: Int, _ chain: CommitChain) {
    text = [UInt8](repeating: 0, count: textSize)
    (self.end, self.chain) = (end, chain)
  }

  /// Overwrites the text.
  package mutating func cleanse() { text.cleanse() }

  /// Counts the chunks of a message of so many bytes, of which the file has only the first.
  mutating func count(chunksOf size: Int) {
    let all = max(chunks, (size - ChunkSalvage.prefixSize) / ChunkSalvage.sealedSize + 1)
    (chunks, lostChunks) = (all, lostChunks + all - chunks)
  }

  /// Puts the text of a chunk at its place.
  mutating func take(_ chunk: Span<UInt8>, at start: Int) {
    for place in chunk.indices { text[start + place] = chunk[place] }
    if let last = sound.last, last.upperBound == start {
      sound[sound.count - 1] = last.lowerBound..<start + chunk.count
    } else {
      sound.append(start..<start + chunk.count)
    }
  }
}
