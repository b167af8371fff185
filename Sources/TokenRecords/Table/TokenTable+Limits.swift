extension TokenTable {
  /// Gives the vault these limits.
  ///
  /// Where uses are to be noted more often from now on, what was noted so far lies behind by more than the new
  /// limits allow for: such a record counts as used at the latest moment that it can have been.
  package mutating func begin(_ new: RetentionPolicy, at now: Timestamp) {
    let interval = policy.noteInterval
    policy = new
    guard new.noteInterval < interval else { return }
    for token in tokens {
      guard let id = token.id, let last = token.history.lastKnownUse, last < now else { continue }
      note(id: id) { $0.lastUsedAt = min(now, last.adding(seconds: interval) ?? now) }
    }
  }
}
