extension TokenTable {
  /// Updates the record that `token` matches, or inserts it; restarts the limits of a record that they have ended.
  ///
  /// Checks the rules against the present record, so that a table under the writer lock decides for all processes.
  ///
  /// - Throws: ``TokenTableError``; the table is unchanged then.
  package mutating func save(
    _ token: OAuthToken, now: VaultTime, _ rules: SaveRules = SaveRules(), isAnswer: Bool = false
  ) throws(TokenTableError) -> SaveOutcome {
    let query = rules.query(for: token)
    let match = try places(of: query)
    if let ifRevision = rules.ifRevision {
      let actual = match.map { tokens[$0.oldest].revision } ?? 0
      guard ifRevision == actual else {
        throw .revisionConflict(
          id: match.flatMap { tokens[$0.oldest].id } ?? token.id, expected: ifRevision,
          actual: actual)
      }
    }
    guard let match else {
      try checkNew(token, rules, isAnswer: isAnswer)
      return try insert(token, now)
    }
    return try update(match, with: token, now, query, allowsMoves: rules.allowsMoves)
  }

  /// Refuses to insert an answer that is meant for a stored record, or whose id comes from a server and not the user.
  private mutating func checkNew(
    _ token: OAuthToken, _ rules: SaveRules, isAnswer: Bool
  ) throws(TokenTableError) {
    if let answered = rules.answered {
      let id = answered.id.flatMap { $0.isEmpty ? nil : $0 }
      if let id, isTaken(id) { throw .clientConflict(id: id) }
      // A new record needs a user.
      if answered.userName?.isEmpty == false { return }
      throw id.map { .unknownID($0) } ?? .noMatch
    }
    if isAnswer, let id = token.id, !id.isEmpty, !isTaken(id) { throw .foreignID }
  }

  mutating func update(
    _ match: IndexMatch, with token: OAuthToken, _ now: VaultTime, _ query: TokenQuery,
    allowsMoves: Bool
  ) throws(TokenTableError) -> SaveOutcome {
    let old = tokens[match.oldest]
    if query.key?.field == .id, let stored = old.userName, let given = token.userName,
      !given.isEmpty, ExactText(stored) != ExactText(given)
    {
      throw .userConflict(id: old.id ?? "")
    }
    var new = old.overlaid(with: token)
    let move = token.mayMoveEndpoint ? EndpointMove(of: old, to: new, by: token) : nil
    if let move, !allowsMoves { throw .endpointMoved(move) }
    let notices = old.notices(ofChangeTo: new, move, matches: match.count)
    let isEnded = policy.ended(old, at: now) != nil
    // A date of a wrong clock is replaced, even if nothing else changes.
    if new.hasSameContent(as: old), !isEnded, !old.hasUncertainEnd(at: now) {
      return SaveOutcome(change: .unchanged, token: old, notices: notices)
    }
    new.history.markSaved(at: now, beginsAnew: isEnded)
    try replace(match.oldest, with: &new)
    return SaveOutcome(change: .updated, token: new, notices: notices)
  }

  /// Replaces a record, one revision higher. Another refresh token, client or server clears the refresh state.
  mutating func replace(
    _ position: Int, with new: inout OAuthToken
  ) throws(TokenTableError) {
    let old = tokens[position]
    guard new.revision < Self.counterLimit else { throw .countersExhausted }
    new.revision += 1
    if !new.hasSameGrant(as: old) { new.history.refresh = nil }
    put(new, at: position)
  }

  /// Inserts a record; `restoring` keeps its revision and history, because it is a vault's.
  mutating func insert(
    _ token: OAuthToken, _ now: VaultTime, restoring: Bool = false
  ) throws(TokenTableError) -> SaveOutcome {
    var new = token.hasEmptyFields ? OAuthToken().overlaid(with: token) : token
    guard restoring || TokenField.credentials.contains(where: { new.has($0) }) else {
      throw .noCredential
    }
    let given = token.id.flatMap { $0.isEmpty || isTaken($0) ? nil : $0 }
    // A record that needs no change shares the memory of the given one.
    if given == nil || new.id == nil { new.id = if let given { given } else { try nextFreeID() } }
    (new.revision, new.history) = (1, RecordHistory())
    if restoring {
      (new.revision, new.history) = (token.revision, token.history)
    } else {
      new.history.firstSavedAt = now.known
    }
    if let given { passOver(given) }
    put(new)
    return SaveOutcome(change: .inserted, token: new)
  }
}

extension OAuthToken {
  /// Whether it has an empty field, which clears the stored one.
  fileprivate var hasEmptyFields: Bool {
    var isEmpty = false
    forEachField { if $1.isEmpty { isEmpty = true } }
    return isEmpty || attributes.contains { $0.value.isEmpty }
  }
}
