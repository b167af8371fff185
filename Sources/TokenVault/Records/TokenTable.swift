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
  private var index = TokenIndex()

  init(tokens: [OAuthToken] = [], nextID: UInt64 = 1) {
    (self.tokens, self.nextID) = (tokens, nextID)
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
  /// `ignoringID`, the given id does not match; it is the id of a new record where it is free.
  mutating func save(
    _ token: OAuthToken, ifRevision: Int? = nil, ignoringID: Bool = false
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
    guard let position else { return try insert(token) }
    return try update(position, with: token, matchedByID: query.key?.field == .id)
  }

  private mutating func update(
    _ position: Int, with token: OAuthToken, matchedByID: Bool
  ) throws(TokenTableError) -> SaveOutcome {
    let old = tokens[position]
    if matchedByID, let stored = old.userName, let given = token.userName, !given.isEmpty,
      ExactText(stored) != ExactText(given)
    {
      throw .userConflict(id: old.id ?? "")
    }
    var new = old.overlaid(with: token)
    if new.hasSameContent(as: old) { return SaveOutcome(change: .unchanged, token: old) }
    guard new.revision < Self.counterLimit else { throw .countersExhausted }
    new.revision += 1
    tokens[position] = new
    index.replace(old, with: new, at: position)
    return SaveOutcome(change: .updated, token: new)
  }

  private mutating func insert(_ token: OAuthToken) throws(TokenTableError) -> SaveOutcome {
    var new = OAuthToken().overlaid(with: token)
    guard TokenField.credentials.contains(where: { new[$0] != nil }) else {
      throw .noCredential
    }
    let given = token.id.flatMap { $0.isEmpty || isTaken($0) ? nil : $0 }
    new.id = if let given { given } else { try nextFreeID() }
    new.revision = 1
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

  /// Deletes every record; ids go on from where they were.
  mutating func deleteAll() {
    tokens = []
    index = TokenIndex()
  }
}
