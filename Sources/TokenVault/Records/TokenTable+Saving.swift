extension TokenTable {
  /// Updates the record that `token` matches, or inserts it.
  ///
  /// With `ifRevision`, the matched record must have it; 0 demands that there is none. With
  /// `ignoringID`, the given id does not match; it is the id of a new record where it is free. A record that
  /// the policy has ended begins anew.
  mutating func save(
    _ token: OAuthToken, now: VaultTime, ifRevision: Int? = nil, ignoringID: Bool = false
  ) throws(TokenTableError) -> SaveOutcome {
    let query = ignoringID ? TokenQuery.ignoringID(token) : TokenQuery(matching: token)
    let position = position(of: query)
    if let ifRevision {
      let actual = position.map { tokens[$0].revision } ?? 0
      guard ifRevision == actual else {
        throw .revisionConflict(
          id: position.flatMap { tokens[$0].id } ?? token.id, expected: ifRevision, actual: actual)
      }
    }
    guard let position else { return try insert(token, now) }
    return try update(position, with: token, now, matchedByID: query.key?.field == .id)
  }

  private mutating func update(
    _ position: Int, with token: OAuthToken, _ now: VaultTime, matchedByID: Bool
  ) throws(TokenTableError) -> SaveOutcome {
    let old = tokens[position]
    if matchedByID, let stored = old.userName, let given = token.userName, !given.isEmpty,
      ExactText(stored) != ExactText(given)
    {
      throw .userConflict(id: old.id ?? "")
    }
    var new = old.overlaid(with: token)
    let isEnded = policy.ended(old, at: now) != nil
    // What a wrong clock has dated is dated anew, also where nothing else changes.
    if new.hasSameContent(as: old), !isEnded, !old.hasUncertainEnd(at: now) {
      return SaveOutcome(change: .unchanged, token: old)
    }
    new.history.noteSave(at: now, beginsAnew: isEnded)
    try replace(position, with: &new)
    return SaveOutcome(change: .updated, token: new)
  }

  /// Puts other content in a record's place, one revision higher. Another refresh token, client or
  /// server ends what is known of the last refresh.
  mutating func replace(
    _ position: Int, with new: inout OAuthToken
  ) throws(TokenTableError) {
    let old = tokens[position]
    guard new.revision < Self.counterLimit else { throw .countersExhausted }
    new.revision += 1
    if !new.hasSameGrant(as: old) { new.history.refresh = nil }
    put(new, at: position)
  }

  private mutating func insert(_ token: OAuthToken, _ now: VaultTime) throws(TokenTableError)
    -> SaveOutcome
  {
    var new = token.hasEmptyFields ? OAuthToken().overlaid(with: token) : token
    guard TokenField.credentials.contains(where: { new[$0] != nil }) else {
      throw .noCredential
    }
    let given = token.id.flatMap { $0.isEmpty || isTaken($0) ? nil : $0 }
    // A record that is as it will be stored shares the memory of the given one.
    if given == nil || new.id == nil { new.id = if let given { given } else { try nextFreeID() } }
    new.revision = 1
    new.history = RecordHistory()
    new.history.firstSavedAt = now.known
    if let given { passOver(given) }
    append(new)
    return SaveOutcome(change: .inserted, token: new)
  }
}

extension OAuthToken {
  /// Whether it says of a field that it is to be cleared.
  fileprivate var hasEmptyFields: Bool {
    var isEmpty = false
    forEachField { if $1.isEmpty { isEmpty = true } }
    return isEmpty || attributes.contains { $0.value.isEmpty }
  }
}
