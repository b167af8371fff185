extension TokenTable {
  /// What is wrong with the records among themselves, as part of a sentence; nil if they are consistent.
  ///
  /// Finds repeated ids by building the index of ids, which the first search needs anyway.
  package mutating func inconsistency() -> String? {
    let repeated = firstRepeatedID()
    for (position, token) in tokens.enumerated() {
      let place = "its record \(position + 1)"
      guard token.withText(of: .id, { !$0.isEmpty }) ?? false else { return "\(place) has no id" }
      guard position != repeated else { return "\(place) has the id of another" }
      guard token.revision > 0 else { return "\(place) has no revision" }
    }
    return nil
  }
}
