extension TokenTable {
  /// What is wrong with the records among themselves, where something is.
  ///
  /// Ids are compared by indexing them, which somebody will want anyway.
  mutating func inconsistency() -> String? {
    let repeated = firstRepeatedID()
    for (position, token) in tokens.enumerated() {
      let place = "its record \(position + 1)"
      guard let id = token.id, !id.isEmpty else { return "\(place) has no id" }
      guard position != repeated else { return "\(place) has the id of another" }
      guard token.revision > 0 else { return "\(place) has no revision" }
    }
    return nil
  }
}
