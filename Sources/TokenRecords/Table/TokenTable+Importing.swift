/// How records of another store are merged into a table.
package struct ImportRules: Sendable {
  /// Whether the user allows the import to send the secrets of stored records to other servers.
  package var allowsMoves = false
  /// Whether a record replaces a stored one whose access token ends as late, or later.
  package var overwrites = false
  /// Whether the ids of the records are this store's, since the user gave them.
  package var matchesIDs = false

  /// The rules of an import, except for these.
  package init(allowsMoves: Bool = false, overwrites: Bool = false, matchesIDs: Bool = false) {
    (self.allowsMoves, self.overwrites) = (allowsMoves, overwrites)
    self.matchesIDs = matchesIDs
  }
}

/// Why a record cannot be imported; the caller discards the table then.
package struct ImportFault: Error {
  package let reason: TokenTableError
  /// The number of the record, from 1.
  package let record: Int
}

extension TokenTable {
  /// Merges records of another store. Each matches a record that was there before, or is new; never another one of them.
  ///
  /// They match by all but their ids, which are another store's. Of several stored records that match, the one with the
  /// record's id is meant, else the oldest. Into a table without records, those that a vault has exported come with their
  /// revisions and histories, as they were.
  ///
  /// - Parameters:
  ///   - tokens: The records. Each is let go once it is merged, so that there are not two of all; those from the one of
  ///     a fault on are still there.
  ///   - body: Is called with the outcome of each, in their order.
  /// - Throws: ``ImportFault``, also for two records that mean the same stored one.
  package mutating func importAll(
    spending tokens: inout [OAuthToken], now: VaultTime, _ rules: ImportRules,
    _ body: (SaveOutcome) -> Void
  ) throws(ImportFault) {
    let targets = try importTargets(of: tokens, rules)
    let restores = self.tokens.isEmpty
    for index in tokens.indices {
      do throws(TokenTableError) {
        let token = tokens[index]
        if !restores, let match = targets[index] {
          body(try merge(token, into: match, now, rules))
        } else {
          body(try insert(token, now, restoring: restores && token.revision > 0))
        }
      } catch { throw ImportFault(reason: error, record: index + 1) }
      tokens[index] = OAuthToken()
    }
  }

  /// Checks, without keeping them, that records can be imported into a table that has none.
  ///
  /// - Parameter isStorable: Whether a record can be stored.
  /// - Returns: The number, from 1, of the first that cannot be stored; nil if all can.
  /// - Throws: ``ImportFault``.
  package static func checkImport(
    of tokens: [OAuthToken], now: VaultTime, _ isStorable: (OAuthToken) -> Bool
  ) throws(ImportFault) -> Int? {
    var (nextID, unstorable) = (UInt64(1), Int?.none)
    for (index, token) in tokens.enumerated() {
      var table = TokenTable(nextID: nextID)
      do throws(TokenTableError) {
        let stored = try table.insert(token, now, restoring: token.revision > 0).token
        if unstorable == nil, !isStorable(stored) { unstorable = index + 1 }
      } catch { throw ImportFault(reason: error, record: index + 1) }
      nextID = table.nextID
    }
    return unstorable
  }

  private mutating func merge(
    _ token: OAuthToken, into match: IndexMatch, _ now: VaultTime, _ rules: ImportRules
  ) throws(TokenTableError) -> SaveOutcome {
    let old = tokens[match.oldest]
    var token = token
    // The stored end is that of the token before.
    if token.hasText(of: .accessToken), !token.has(.expiresAt),
      !token.hasSameText(.accessToken, as: old)
    {
      token[.expiresAt] = ""
    }
    let new = old.overlaid(with: token)
    if !rules.overwrites, !new.hasSameContent(as: old), !token.endsLater(than: old) {
      return SaveOutcome(change: .unchanged, token: old, notices: [.notLater])
    }
    let query = rules.matchesIDs ? TokenQuery(matching: token) : .ignoringID(token)
    let outcome = try update(match, with: token, now, query, allowsMoves: rules.allowsMoves)
    guard old.has(.accessToken), !outcome.token.hasSameText(.accessToken, as: old) else {
      return outcome
    }
    return SaveOutcome(
      change: outcome.change, token: outcome.token,
      notices: outcome.notices + [.accessTokenReplaced])
  }

  // MARK: Matching

  /// What the records mean among those that are there, nil for a new one; none if there are none.
  private mutating func importTargets(
    of tokens: [OAuthToken], _ rules: ImportRules
  ) throws(ImportFault) -> [IndexMatch?] {
    if self.tokens.isEmpty { return [] }
    var targets = [IndexMatch?](repeating: nil, count: tokens.count)
    var claims = ImportClaims()
    for (index, token) in tokens.enumerated() {
      guard let position = positionByID(of: token, rules) else { continue }
      targets[index] = IndexMatch(position)
      try claims.claim(position, by: index, id: self.tokens[position].id)
    }
    let byID = claims
    for (index, token) in tokens.enumerated() where targets[index] == nil && !rules.matchesIDs {
      let match: IndexMatch?
      do throws(TokenTableError) { match = try places(of: .ignoringID(token)) } catch {
        throw ImportFault(reason: error, record: index + 1)
      }
      guard let match else { continue }
      // That record is another one's, by its id: this one is new, if its own id says so.
      if byID.isClaimed(match.oldest), token.hasText(of: .id) { continue }
      try claims.claim(match.oldest, by: index, id: self.tokens[match.oldest].id)
      targets[index] = match
    }
    return targets
  }

  /// The position of the stored record that has the id of `token`, and matches it besides.
  private mutating func positionByID(of token: OAuthToken, _ rules: ImportRules) -> Int? {
    guard token.hasText(of: .id), let position = position(ofID: token.id) else { return nil }
    if rules.matchesIDs { return position }
    let (stored, query) = (tokens[position], TokenQuery.ignoringID(token))
    guard let key = query.key, stored.has(key.text, in: key.field) else { return nil }
    guard let client = query.clientID else { return position }
    return stored.has(client, in: .clientID) ? position : nil
  }
}

/// The stored records that the records of an import mean, each by one alone.
private struct ImportClaims {
  private var indexes: [Int: Int] = [:]

  func isClaimed(_ position: Int) -> Bool { indexes[position] != nil }

  mutating func claim(_ position: Int, by index: Int, id: String?) throws(ImportFault) {
    if let other = indexes.updateValue(index, forKey: position) {
      throw ImportFault(
        reason: .sameRecord(id: id ?? "", other: other + 1), record: index + 1)
    }
  }
}

extension OAuthToken {
  /// Whether the access token ends later than the stored record's; also if there is nothing to compare.
  fileprivate func endsLater(than stored: OAuthToken) -> Bool {
    guard has(.accessToken), stored.has(.accessToken), hasText(of: .expiresAt),
      let end = stored.expiresAt?.moment
    else { return true }
    return expiresAt?.moment.map { $0 > end } ?? false
  }
}
