/// A set of positions in a table, as a bitmap from the lowest of them on: a few positions take a few words in a table of
/// any size.
struct PositionSet: Sendable, Equatable {
  private var words: [UInt64] = []
  /// The number of the first word in the bitmap of all positions.
  private var start = 0

  func contains(_ position: Int) -> Bool {
    let word = position / 64 - start
    return words.indices.contains(word) && words[word] & Self.bit(position) != 0
  }

  /// Inserts a position; returns false if the set contained it.
  mutating func insert(_ position: Int) -> Bool {
    if contains(position) { return false }
    let word = position / 64
    makeRoom(for: word)
    words[word - start] |= Self.bit(position)
    return true
  }

  private mutating func makeRoom(for word: Int) {
    if words.isEmpty { start = word }
    let missing = (before: start - word, behind: word - start - words.count + 1)
    if missing.before > 0 {
      words.insert(contentsOf: repeatElement(0, count: missing.before), at: 0)
      start = word
    } else if missing.behind > 0 {
      words.append(contentsOf: repeatElement(0, count: missing.behind))
    }
  }

  private static func bit(_ position: Int) -> UInt64 { 1 << UInt64(position % 64) }
}
