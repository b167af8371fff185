internal import VaultCrypto

/// The chunks of a damaged snapshot that still open.
struct SalvagedSnapshot {
  /// The text of a run of authentic chunks.
  struct Part {
    /// Where in the snapshot's text it begins, in bytes.
    let start: Int
    fileprivate(set) var text: [UInt8] = []

    var end: Int { start + text.count }

    /// An empty part with room for all chunks of a run: memory that grows would leave copies behind.
    init(_ run: Range<Int>) {
      start = run.lowerBound * MessageLayout.chunkSize
      text.reserveCapacity(run.count * MessageLayout.chunkSize)
    }

    mutating func append(_ chunk: [UInt8]) { text += chunk }
  }

  /// The parts, in their order; none is empty.
  private(set) var parts: [Part] = []
  /// Bytes of the text, with those that cannot be opened.
  let textSize: Int
  /// The number of chunks, and of those that do not open.
  var chunks: Int
  var lostChunks = 0
  /// Whether the last chunk opens, so that the text ends where it did.
  var hasEnd = false
  /// Where the log begins, in bytes of the file.
  var logStart: Int64
  /// What log entries behind this snapshot are bound to.
  let chain: LogChain

  /// A snapshot of `full` chunks and one of `last` sealed bytes, of which nothing is open yet.
  init(full: Int, last: Int, logStart: Int64, _ chain: LogChain) {
    textSize = full * MessageLayout.chunkSize + max(0, last - MessageLayout.tagSize)
    (chunks, self.logStart, self.chain) = (full + 1, logStart, chain)
  }

  mutating func cleanse() {
    for index in parts.indices { parts[index].text.cleanse() }
  }

  /// Counts the chunks of a message of `size` bytes, of which the file has only the first.
  mutating func count(chunksOf size: Int) {
    let body = size - MessageLayout.prefixSize
    let all = max(chunks, body / MessageLayout.sealedChunkSize + 1)
    (chunks, lostChunks) = (all, lostChunks + all - chunks)
  }

  /// Keeps a part, unless it is empty.
  mutating func append(_ part: consuming Part) {
    if !part.text.isEmpty { parts.append(part) }
  }
}
