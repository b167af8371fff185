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

  /// The plaintext of the index of a snapshot that has so many bytes of plaintext.
  consuming func finish(textSize: Int) -> IndexText {
    Self.sort(&words)
    return IndexText(
      IndexLayout(records: records, entries: words.count, textSize: textSize), words)
  }

  /// Sorts by hashes (radix sort, the lowest digit first, which is stable): offsets come in their order.
  private static func sort(_ words: inout [UInt64]) {
    let digitBits: UInt64 = 11
    var other = [UInt64](repeating: 0, count: words.count)
    for shift in stride(from: 32, to: 64, by: UInt64.Stride(digitBits)) {
      func digit(_ word: UInt64) -> Int { Int(word >> UInt64(shift) & (1 << digitBits - 1)) }
      var places = [Int](repeating: 0, count: 1 << Int(digitBits))
      for word in words { places[digit(word)] += 1 }
      var end = 0
      for index in places.indices { (places[index], end) = (end, end + places[index]) }
      for word in words {
        other[places[digit(word)]] = word
        places[digit(word)] += 1
      }
      swap(&words, &other)
    }
  }
}
