extension TokenTable {
  /// What is wrong with the records among themselves, where something is.
  var inconsistency: String? {
    var ids: Set<ExactText> = []
    for (index, token) in tokens.enumerated() {
      let place = "its record \(index + 1)"
      guard let id = token.id, !id.isEmpty else { return "\(place) has no id" }
      guard ids.insert(ExactText(id)).inserted else { return "\(place) has the id of another" }
      guard token.revision > 0 else { return "\(place) has no revision" }
    }
    return nil
  }
}
