/// Guesses which name a mistyped word was meant to be.
enum NearestName {
  /// The name that the word begins, if only one, else the first of the nearest ones; nil if none is near, or for a word
  /// of one letter.
  static func of(_ word: String, in names: [String]) -> String? {
    guard word.count > 1 else { return nil }
    let longer = names.filter { $0.hasPrefix(word) }
    if longer.count == 1 { return longer.first }
    let limit = word.count < 4 ? 1 : 2
    return names.map { (name: $0, distance: distance(word, $0)) }
      .filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
  }

  /// How many letters have to be taken away, put in or changed (Levenshtein 1966), where two that are swapped count once.
  private static func distance(_ from: String, _ to: String) -> Int {
    let (from, to) = (Array(from), Array(to))
    var (last, row) = ([Int](), Array(0...to.count))
    for (index, letter) in from.enumerated() {
      var next = [index + 1]
      for (place, other) in to.enumerated() {
        var best = min(row[place] + (letter == other ? 0 : 1), row[place + 1] + 1, next[place] + 1)
        if index > 0, place > 0, letter == to[place - 1], from[index - 1] == other {
          best = min(best, last[place - 1] + 1)
        }
        next.append(best)
      }
      (last, row) = (row, next)
    }
    return row[to.count]
  }
}
