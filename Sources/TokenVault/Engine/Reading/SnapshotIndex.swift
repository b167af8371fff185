internal import VaultCrypto

/// The index of a large vault, which tells where the records with a key begin in the snapshot's text.
///
/// A lookup opens the chunk that has the entries with the key's hash, and its neighbours only as far as the order of the
/// entries requires. That no record has the key is proved in the same way.
struct SnapshotIndex {
  /// What opening the index has found out, so that it need not be opened from the beginning again.
  struct Known: Sendable {
    let layout: IndexLayout
    let hash: IndexHash
    let key: OpeningKey
  }

  let layout: IndexLayout
  private let hash: IndexHash
  private let chunks: MessageChunks

  var known: Known { Known(layout: layout, hash: hash, key: chunks.key) }

  /// Opens the index behind a snapshot.
  ///
  /// Its first chunk says how long snapshot and index are: so a length that anyone can write neither takes memory nor
  /// hides a part of the log.
  ///
  /// - Parameter known: What was found out when it was opened before.
  /// - Throws: `TokenVaultError.damaged` if the index is not what was sealed with the snapshot.
  init(
    of snapshot: MessageChunks, _ parts: VaultContainer.Parts, _ dataKey: DataKey,
    known: Known? = nil
  ) throws(TokenVaultError) {
    let chunks = try MessageChunks(indexOf: parts, snapshot, dataKey, known: known?.key)
    if let known {
      (layout, hash) = (known.layout, known.hash)
    } else {
      hash = try TokenVaultError.wrap(
        crypto: IndexHash(dataKey, parts.header.store, snapshotSalt: snapshot.salt))
      try chunks.openChunk(at: 0)
      let read = IndexLayout(chunks.text.span, textSize: snapshot.layout.plaintextSize)
      guard let read, read.size == chunks.layout.plaintextSize else {
        throw Self.wrong(chunks.path)
      }
      layout = read
    }
    self.chunks = chunks
  }

  private static func wrong(_ path: String) -> TokenVaultError {
    .damaged(path: path, place: "its index does not fit its snapshot")
  }

  /// The offsets of the records that may have a key, in order; nil if there are more than `limit`.
  ///
  /// The hash of another key may be the same, so the caller compares the records.
  func offsets(
    of key: SearchKey, atMost limit: Int
  ) throws(TokenVaultError) -> [Int]? {
    let hash = hash.value(of: key)
    var place = try firstPlace(of: hash)
    var offsets: [Int] = []
    while place < layout.entries, case let entry = try entry(at: place), entry.hash == hash {
      guard let offset = Int(exactly: entry.offset), offset < layout.textSize else {
        throw Self.wrong(chunks.path)
      }
      if offsets.count == limit { return nil }
      offsets.append(offset)
      place += 1
    }
    return offsets
  }

  /// The place of the first entry whose hash is not below this one.
  private func firstPlace(of hash: UInt32) throws(TokenVaultError) -> Int {
    // Where it can be.
    var (low, high) = (0, layout.entries)
    var chunk = layout.chunk(ofHash: hash)
    while low < high {
      let here = layout.entries(inChunk: chunk).clamped(to: low..<high)
      guard let last = here.last else { throw Self.wrong(chunks.path) }
      if try entry(at: here.lowerBound).hash >= hash {
        (high, chunk) = (here.lowerBound, chunk - 1)
      } else if try entry(at: last).hash < hash {
        (low, chunk) = (last + 1, chunk + 1)
      } else {
        return try firstPlace(of: hash, in: here)
      }
    }
    return low
  }

  private func firstPlace(
    of hash: UInt32, in range: Range<Int>
  ) throws(TokenVaultError) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if try entry(at: middle).hash < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func entry(at place: Int) throws(TokenVaultError) -> IndexEntry {
    let range = layout.range(ofEntry: place)
    let (chunk, start) = range.lowerBound.quotientAndRemainder(
      dividingBy: MessageLayout.chunkSize)
    try chunks.openChunk(at: chunk)
    let end = min(start + range.count, chunks.text.count)
    if end - start == range.count {
      return IndexEntry(chunks.text.span.extracting(start..<end))
    }
    // The rest of it begins the next chunk.
    var bytes = chunks.text.span.extracting(min(start, end)..<end).array
    try chunks.openChunk(at: chunk + 1)
    bytes.append(
      contentsOf: chunks.text.span.extracting(..<min(range.count - bytes.count, chunks.text.count)))
    return IndexEntry(bytes.span)
  }

  /// Opens all chunks.
  ///
  /// - Parameter expected: What they must have, if that is to be checked, too.
  /// - Throws: `TokenVaultError.damaged` if one is not authentic, or has anything else.
  func verify(_ expected: IndexText? = nil) throws(TokenVaultError) {
    if let expected, expected.layout != layout { throw Self.wrong(chunks.path) }
    while case let number = chunks.nextChunk, try chunks.openNext() {
      if let expected, expected.text(ofChunk: number) != chunks.text {
        throw Self.wrong(chunks.path)
      }
    }
  }
}
