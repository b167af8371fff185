// Restoring the records of a copy.
extension TokenTable {
  /// How many of these records another table lacks, or has otherwise.
  func tokensMissing(from other: TokenTable) -> Int {
    var other = other
    return tokens.count { token in
      guard let id = token.id, let copy = other.find(TokenQuery(id: id)) else { return true }
      return copy != token
    }
  }

  /// These records instead of newer ones. Ids go on from where they were, and a record that changes gets a revision above
  /// both, so that no program takes it for the one that it has read.
  func restored(over newer: TokenTable, _ policy: RetentionPolicy) -> TokenTable {
    var newer = newer
    let tokens = tokens.map { token -> OAuthToken in
      guard let id = token.id, let other = newer.find(TokenQuery(id: id)),
        other.revision != token.revision || !other.hasSameContent(as: token)
      else { return token }
      var token = token
      token.revision = min(
        max(token.revision, other.revision) + 1, Int(TokenTable.counterLimit))
      return token
    }
    var restored = TokenTable(
      tokens: CopyOnWriteBlocks(tokens), nextID: max(nextID, newer.nextID), policy: policy)
    restored.requireRewrite()
    return restored
  }
}
