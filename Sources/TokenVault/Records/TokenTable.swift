/// The records of a store, and the rules by which they are matched, saved and deleted.
///
/// A pure value: whoever holds it makes its changes durable.
struct TokenTable: Sendable {
  /// Where revisions and ids stop: 10^15, which no counting reaches.
  static let counterLimit = 1_000_000_000_000_000

  /// In the order in which they were first saved.
  private(set) var tokens: [OAuthToken]
  /// The next id to give: above every decimal id that was ever here.
  private(set) var nextID: UInt64
  /// What ends a record.
  var policy: VaultPolicy
  private var index = TokenIndex()

  init(tokens: [OAuthToken] = [], nextID: UInt64 = 1, policy: VaultPolicy = VaultPolicy()) {
    (self.tokens, self.nextID, self.policy) = (tokens, nextID, policy)
  }

  /// The record that the query means.
  ///
  /// Among several, one whose client is the query's comes before one without a client; then the oldest.
  mutating func find(_ query: TokenQuery) -> OAuthToken? {
    position(of: query).map { tokens[$0] }
  }

  private mutating func position(of query: TokenQuery) -> Int? {
    guard let key = query.key else { return nil }
    let candidates = index.positions(of: key.text, in: key.field, of: tokens)
    guard let clientID = query.clientID.map(ExactText.init) else { return candidates.first }
    func client(_ position: Int) -> ExactText? { tokens[position].clientID.map(ExactText.init) }
    return candidates.first { client($0) == clientID } ?? candidates.first { client($0) == nil }
  }

  /// Updates the record that `token` matches, or inserts it.
  ///
  /// With `ifRevision`, the matched record must have it; 0 demands that there is none. With
  /// `ignoringID`, the given id does not match; it is the id of a new record where it is free. A record that
  /// the policy has ended begins anew.
  mutating func save(
    _ token: OAuthToken, now: Timestamp, ifRevision: Int? = nil, ignoringID: Bool = false
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
    _ position: Int, with token: OAuthToken, _ now: Timestamp, matchedByID: Bool
  ) throws(TokenTableError) -> SaveOutcome {
    let old = tokens[position]
    if matchedByID, let stored = old.userName, let given = token.userName, !given.isEmpty,
      ExactText(stored) != ExactText(given)
    {
      throw .userConflict(id: old.id ?? "")
    }
    var new = old.overlaid(with: token)
    let isEnded = policy.ended(old, at: now) != nil
    if new.hasSameContent(as: old), !isEnded {
      return SaveOutcome(change: .unchanged, token: old)
    }
    if isEnded || new.history.firstSavedAt == nil { new.history.firstSavedAt = now }
    new.history.lastUsedAt = now
    try replace(position, with: &new)
    return SaveOutcome(change: .updated, token: new)
  }

  /// Puts other content in a record's place, one revision higher. Another refresh token, client or
  /// server ends what is known of the last refresh.
  private mutating func replace(
    _ position: Int, with new: inout OAuthToken
  ) throws(TokenTableError) {
    let old = tokens[position]
    guard new.revision < Self.counterLimit else { throw .countersExhausted }
    new.revision += 1
    if !new.hasSameGrant(as: old) { new.history.refresh = nil }
    tokens[position] = new
    index.replace(old, with: new, at: position)
  }

  private mutating func insert(_ token: OAuthToken, _ now: Timestamp) throws(TokenTableError)
    -> SaveOutcome
  {
    var new = OAuthToken().overlaid(with: token)
    guard TokenField.credentials.contains(where: { new[$0] != nil }) else {
      throw .noCredential
    }
    let given = token.id.flatMap { $0.isEmpty || isTaken($0) ? nil : $0 }
    new.id = if let given { given } else { try nextFreeID() }
    new.revision = 1
    new.history.firstSavedAt = now
    if let given { passOver(given) }
    index.add(new, at: tokens.count)
    tokens.append(new)
    return SaveOutcome(change: .inserted, token: new)
  }

  private mutating func isTaken(_ id: String) -> Bool {
    !index.positions(of: id, in: .id, of: tokens).isEmpty
  }

  private mutating func nextFreeID() throws(TokenTableError) -> String {
    while nextID < Self.counterLimit, isTaken(String(nextID)) { nextID += 1 }
    guard nextID < Self.counterLimit else { throw .countersExhausted }
    defer { nextID += 1 }
    return String(nextID)
  }

  /// Keeps the counter above a caller's own decimal id. Ids past 10^15 are left alone: counting never
  /// gets there, and the counter must not overflow.
  private mutating func passOver(_ id: String) {
    guard let number = UInt64(id), String(number) == id, number < Self.counterLimit else {
      return
    }
    nextID = max(nextID, number + 1)
  }

  /// Deletes all of these, or none where one of them is unknown or has another revision.
  mutating func delete(ids: [String], ifRevision: Int? = nil) throws(TokenTableError) {
    var doomed: Set<Int> = []
    for id in ids {
      guard let position = position(of: TokenQuery(id: id)) else { throw .unknownID(id) }
      let actual = tokens[position].revision
      if let ifRevision, ifRevision != actual {
        throw .revisionConflict(id: id, expected: ifRevision, actual: actual)
      }
      doomed.insert(position)
    }
    tokens = tokens.enumerated().filter { !doomed.contains($0.offset) }.map(\.element)
    index = TokenIndex()
  }

  /// Changes what is noted of a record, if it is there; its revision stays.
  mutating func note(id: String, _ change: (inout RecordHistory) -> Void) {
    guard let position = position(of: TokenQuery(id: id)) else { return }
    change(&tokens[position].history)
  }

  /// Lays the answer of a token endpoint over the record that it is for, and gives it as it is then; nil where the
  /// record has something newer.
  ///
  /// It is for the record of the same user that still has the refresh token that was sent. Where that has another
  /// access token by now, someone has refreshed or saved it meanwhile; then only an answer with a new refresh token
  /// counts, since the server takes the old one no more. `mark` is what the record says of the call; another call's
  /// stays. To be refreshed is no use, and begins nothing anew.
  mutating func take(
    _ answer: OAuthToken, id: String, for sent: OAuthToken, mark: RefreshState
  ) throws(TokenTableError) -> OAuthToken? {
    guard let position = position(of: TokenQuery(id: id)), isFor(sent, position, answer) else {
      return nil
    }
    var new = tokens[position].overlaid(with: answer)
    switch new.history.refresh {
    case mark, .unanswered: new.history.refresh = nil
    default: break
    }
    try replace(position, with: &new)
    return new
  }

  private func isFor(_ sent: OAuthToken, _ position: Int, _ answer: OAuthToken) -> Bool {
    let record = tokens[position]
    func isSame(_ field: TokenField) -> Bool {
      record[field].map(ExactText.init) == sent[field].map(ExactText.init)
    }
    let isRotated = answer[.refreshToken] != nil && !answer.hasSameRefreshToken(as: sent)
    return isSame(.userName) && isSame(.refreshToken) && (isSame(.accessToken) || isRotated)
  }

  /// Deletes every record; ids go on from where they were.
  mutating func deleteAll() {
    tokens = []
    index = TokenIndex()
  }
}
