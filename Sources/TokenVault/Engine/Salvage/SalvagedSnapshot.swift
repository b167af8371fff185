internal import VaultCrypto

/// What can still be opened of a damaged snapshot.
struct SalvagedSnapshot {
  /// A part of the text that is authentic, as long as it can be.
  struct Part {
    /// Where in the text it begins, in bytes.
    let start: Int
    fileprivate(set) var text: [UInt8]

    var end: Int { start + text.count }
  }

  /// The parts, in their order; none is empty.
  private(set) var parts: [Part] = []
  /// Bytes of the text, with what cannot be opened.
  let textSize: Int
  /// How many chunks there are, and how many of them do not open.
  var chunks: Int
  var lostChunks = 0
  /// Whether the last chunk opens, so that the text ends where it did.
  var hasEnd = false
  /// Where the commits begin, in bytes of the file.
  var end: Int64
  /// What commits behind this snapshot are bound to.
  let chain: LogChain
  /// Whether the chain has the salt that the snapshot was sealed with.
  var isSaltKnown = false

  /// A snapshot of `full` chunks and one of `last` sealed bytes, of which nothing is open yet.
  init(full: Int, last: Int, end: Int64, _ chain: LogChain) {
    textSize = full * ChunkSalvage.textSize + max(0, last - ChunkSalvage.tagSize)
    (chunks, self.end, self.chain) = (full + 1, end, chain)
  }

  /// Overwrites the text.
  mutating func cleanse() {
    for index in parts.indices { parts[index].text.cleanse() }
  }

  /// Counts the chunks of a message of so many bytes, of which the file has only the first.
  mutating func count(chunksOf size: Int) {
    let all = max(chunks, (size - ChunkSalvage.prefixSize) / ChunkSalvage.sealedSize + 1)
    (chunks, lostChunks) = (all, lostChunks + all - chunks)
  }

  /// Takes in the text of a run of chunks, which `fill` appends to an array that has room for it.
  mutating func take(
    _ run: Range<Int>, fill: (inout [UInt8]) throws(TokenVaultError) -> Void
  ) throws(TokenVaultError) {
    let start = run.lowerBound * ChunkSalvage.textSize
    let count = min(run.upperBound * ChunkSalvage.textSize, textSize) - start
    if count == 0 { return }
    // Memory that grows would leave copies behind.
    var text: [UInt8] = []
    text.reserveCapacity(count)
    try fill(&text)
    parts.append(Part(start: start, text: text))
  }
}
