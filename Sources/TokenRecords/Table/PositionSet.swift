/// A set of positions in a table: a bit for each up to the highest.
struct PositionSet: Sendable, Equatable {
  private var words: [UInt64] = []

  /// Whether a position is in it.
  func contains(_ position: Int) -> Bool {
    let word = position / 64
    return word < words.count && words[word] & Self.bit(position) != 0
  }

  /// Takes a position in; false where it was in already.
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
