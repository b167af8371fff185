/// Collects the keys of the records of a snapshot while it is written or read; 8 bytes a key.
struct IndexBuilder {
  private let hash: IndexHash
  /// Hash and offset of each key: a snapshot has less than 4 GiB, because a file has at most 1.
  private var words: [UInt64] = []
  private var records = 0

  init(_ hash: IndexHash) { self.hash = hash }

  /// Adds the keys of a record that begins at `offset` in the snapshot's plaintext, behind all that were added.
  mutating func add(_ token: OAuthToken, at offset: Int) {
    records += 1
    let (hash, offset) = (hash, UInt64(UInt32(clamping: offset)))
    token.forEachSearchKey { kind, text, client in
      words.append(UInt64(hash.value(kind, text, client: client)) << 32 | offset)
    }
  }

  /// The same for a record that is not decoded, whose row `text` has.
  mutating func add(_ row: StoredRow, in text: Span<UInt8>, at offset: Int) {
    records += 1
    let (hash, offset) = (hash, UInt64(UInt32(clamping: offset)))
    row.forEachSearchKey(in: text) { kind, text, client in
      words.append(UInt64(hash.value(kind, text, client: client)) << 32 | offset)
    }
  }

  /// The plaintext of the index of a snapshot that has so many bytes of plaintext.
  consuming func finish(textSize: Int) -> IndexText {
    Self.sort(&words)
    return IndexText(
      IndexLayout(records: records, entries: words.count, textSize: textSize), words)
  }

  /// Sorts by hashes (radix sort with digits of 11 bits, the lowest first, which is stable): offsets come in their order.
  private static func sort(_ words: inout [UInt64]) {
    var other = [UInt64](repeating: 0, count: words.count)
    for shift in [32, 43, 54] as [UInt64] {
      var places = InlineArray<2048, Int>(repeating: 0)
      for word in words { places[Int(word &>> shift & 0x7FF)] += 1 }
      var end = 0
      for digit in places.indices { (places[digit], end) = (end, end + places[digit]) }
      for word in words {
        let digit = Int(word &>> shift & 0x7FF)
        other[places[digit]] = word
        places[digit] += 1
      }
      swap(&words, &other)
    }
  }
}
