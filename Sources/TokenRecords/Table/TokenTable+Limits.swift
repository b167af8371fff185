extension TokenTable {
  /// Sets the limits of the vault.
  ///
  /// If the new limits record uses more often, the recorded last uses may be later than the new limits assume: such a
  /// record counts as used at the latest possible moment.
  package mutating func begin(_ new: RetentionPolicy, at now: Timestamp) {
    let interval = policy.markInterval
    policy = new
    guard new.markInterval < interval else { return }
    for token in tokens {
      guard let id = token.id, let last = token.history.lastKnownUse, last < now else { continue }
      updateHistory(id: id) { $0.lastUsedAt = min(now, last.adding(seconds: interval) ?? now) }
    }
  }
}
