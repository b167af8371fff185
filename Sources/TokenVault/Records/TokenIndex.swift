/// Where the records with a given key are, built for each kind of key when it is first asked for.
struct TokenIndex: Sendable {
  private var positions: [TokenField: [ExactText: [Int]]] = [:]

  /// The positions of the records whose `field` is `text`, in order.
  mutating func positions(of text: String, in field: TokenField, of tokens: [OAuthToken]) -> [Int] {
    if positions[field] == nil { build(field, from: tokens) }
    return positions[field]?[ExactText(text)] ?? []
  }

  private mutating func build(_ field: TokenField, from tokens: [OAuthToken]) {
    var entries: [ExactText: [Int]] = [:]
    for (position, token) in tokens.enumerated() {
      if let text = token[field] { entries[ExactText(text), default: []].append(position) }
    }
    positions[field] = entries
  }

  // Not over `positions.keys`: that is a copy, which makes every change copy whole dictionaries.

  /// Enters a record that was put at the end.
  mutating func add(_ token: OAuthToken, at position: Int) {
    for field in TokenQuery.keys where positions[field] != nil {
      if let text = token[field] {
        positions[field]?[ExactText(text), default: []].append(position)
      }
    }
  }

  /// Enters a record that took another's place.
  mutating func replace(_ old: OAuthToken, with new: OAuthToken, at position: Int) {
    for field in TokenQuery.keys where positions[field] != nil {
      let (before, after) = (old[field].map(ExactText.init), new[field].map(ExactText.init))
      if before == after { continue }
      if let before { positions[field]?[before]?.removeAll { $0 == position } }
      if let after {
        positions[field]?[after, default: []].append(position)
        positions[field]?[after]?.sort()
      }
    }
  }
}
