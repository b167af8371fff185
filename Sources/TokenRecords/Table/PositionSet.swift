/// A set of positions in a table, as a bitmap.
struct PositionSet: Sendable, Equatable {
  private var words: [UInt64] = []

  func contains(_ position: Int) -> Bool {
    let word = position / 64
    return word < words.count && words[word] & Self.bit(position) != 0
  }

  /// Inserts a position; returns false if the set contained it.
  mutating func insert(_ position: Int) -> Bool {
    if contains(position) { return false }
    let word = position / 64
    if word >= words.count {
      words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
    }
    words[word] |= Self.bit(position)
    return true
  }

  private static func bit(_ position: Int) -> UInt64 { 1 << UInt64(position % 64) }
}
