/// The records of a store, with the rules for matching, saving and deleting them.
///
/// A pure value: its owner makes the changes durable. Copies share what is the same, so a save costs little at any size.
package struct TokenTable: Sendable {
  /// The limit of revisions and assigned ids: 10^15, which no counting reaches.
  package static let counterLimit = 1_000_000_000_000_000

  /// The records in the order of their first saves.
  package private(set) var tokens: CopyOnWriteBlocks<OAuthToken>
  /// The next id to assign: above every decimal id that was ever in the table.
  package private(set) var nextID: UInt64
  /// The limits that end records.
  package var policy: RetentionPolicy {
    didSet { if policy != oldValue { changes.requireRewrite() } }
  }
  /// The changes since the last commit; none in a new table.
  package private(set) var changes = TableChanges()
  private var index = TokenIndex()
  /// The names of unknown fields; nil until the owner sets it, and updated from then on.
  package var attributeNames: AttributeNames?

  package init(
    tokens: CopyOnWriteBlocks<OAuthToken> = [], nextID: UInt64 = 1,
    policy: RetentionPolicy = RetentionPolicy()
  ) {
    (self.tokens, self.nextID, self.policy) = (tokens, nextID, policy)
  }

  // MARK: Finding

  /// The record that a query matches; nil if none does, or if the query is ambiguous.
  ///
  /// Among several, a record of the query's client precedes one without a client; then the oldest precedes.
  package mutating func find(_ query: TokenQuery) -> OAuthToken? { match(query).token }

  /// The records that a query matches.
  package mutating func match(_ query: TokenQuery) -> TokenMatch {
    guard let match = index.match(query, in: tokens) else { return .none }
    if match.hasSeveralClients, let clients = severalClients(query) {
      return .severalClients(clients)
    }
    return .record(tokens[match.oldest], count: match.count)
  }

  /// The positions of the records that a query matches; nil if none does.
  mutating func places(of query: TokenQuery) throws(TokenTableError) -> IndexMatch? {
    let match = index.match(query, in: tokens)
    if match?.hasSeveralClients == true, let clients = severalClients(query) {
      throw .severalClients(clients)
    }
    return match
  }

  /// Reads all records; only an error pays for that.
  private func severalClients(_ query: TokenQuery) -> SeveralClients? {
    guard let key = query.key else { return nil }
    return SeveralClients(key: key.field, tokens.lazy.filter { $0.has(key.text, in: key.field) })
  }

  mutating func position(of query: TokenQuery) -> Int? { index.match(query, in: tokens)?.oldest }

  /// The positions of the records that have the key of a query, whatever their clients.
  package mutating func positions(having query: TokenQuery) -> [Int] {
    index.positions(having: query, in: tokens)
  }

  /// The position of the record with this id; nil if there is none.
  package mutating func position(ofID id: String?) -> Int? {
    id.flatMap { position(of: TokenQuery(id: $0)) }
  }

  /// The same for an id that is not a string.
  package mutating func position(ofID id: Span<UInt8>) -> Int? {
    index.position(ofID: id, in: tokens)
  }

  mutating func firstRepeatedID() -> Int? { index.firstRepeatedID(in: tokens) }

  // MARK: Changing

  /// Replaces the record at a position, or appends one.
  mutating func put(_ token: OAuthToken, at position: Int? = nil) {
    enter(token, at: position)
    changes.insert(position ?? tokens.count - 1)
  }

  /// Changes the history of a record, if it exists; its revision stays.
  package mutating func updateHistory(id: String, _ change: (inout RecordHistory) -> Void) {
    guard let position = position(of: TokenQuery(id: id)) else { return }
    change(&tokens[position].history)
    changes.insert(position)
  }

  private mutating func enter(_ token: OAuthToken, at position: Int?) {
    if let position {
      index.replace(tokens[position], with: token, at: position)
      tokens[position] = token
    } else {
      tokens.append(token)
      index.add(token)
    }
    attributeNames?.insert(token.attributes)
  }

  // MARK: Rolling back

  /// Goes back to an earlier copy, and keeps what was found out about its records since.
  package mutating func rollBack(to copy: TokenTable) {
    let discarded = self
    self = copy
    keepIndexes(of: discarded)
  }

  /// Builds the kinds of index of a copy that is discarded, since the next copy would read all records again.
  package mutating func keepIndexes(of copy: TokenTable) {
    index.build(asIn: copy.index, from: tokens)
    // A copy only adds names.
    if attributeNames == nil { attributeNames = copy.attributeNames }
  }

  /// Builds the indexes that queries need, which the first of them would have to wait for.
  package mutating func buildIndexes(for kinds: IndexKinds) { index.build(kinds, from: tokens) }

  /// At least the records that were changed or appended since an earlier state of this table; all without one.
  package func tokens(since old: TokenTable?) -> [OAuthToken] {
    old.map { tokens.elements(since: $0.tokens) } ?? Array(tokens)
  }

  // MARK: Ids

  mutating func isTaken(_ id: String) -> Bool { position(of: TokenQuery(id: id)) != nil }

  mutating func nextFreeID() throws(TokenTableError) -> String {
    while nextID < Self.counterLimit, isTaken(String(nextID)) { nextID += 1 }
    guard nextID < Self.counterLimit else { throw .countersExhausted }
    defer { nextID += 1 }
    return String(nextID)
  }

  /// Keeps the counter above a decimal id of the caller, but for ids past 10^15, which counting never reaches.
  mutating func passOver(_ id: String) {
    guard let number = UInt64(id), String(number) == id, number < Self.counterLimit else {
      return
    }
    nextID = max(nextID, number + 1)
  }

  // MARK: Deleting

  /// Deletes all of these records.
  ///
  /// - Throws: `unknownID` or `revisionConflict`; the table is unchanged then.
  package mutating func delete(ids: [String], ifRevision: Int? = nil) throws(TokenTableError) {
    var doomed = PositionSet()
    for id in ids {
      guard let position = position(of: TokenQuery(id: id)) else { throw .unknownID(id) }
      let actual = tokens[position].revision
      if let ifRevision, ifRevision != actual {
        throw .revisionConflict(id: id, expected: ifRevision, actual: actual)
      }
      _ = doomed.insert(position)
    }
    if ids.isEmpty { return }
    tokens.removeAll { doomed.contains($0) }
    index = TokenIndex()
    changes.requireRewrite()
  }

  /// Deletes every record; the counter of ids goes on.
  package mutating func deleteAll() {
    tokens = []
    index = TokenIndex()
    changes.requireRewrite()
  }

  // MARK: Storing

  /// The records changed or appended since the last commit; none if a rewrite is required.
  package var changedTokens: [OAuthToken] { changes.positions.map { tokens[$0] } }

  /// Applies the records that another process has committed after this table; they are not changes of this table.
  ///
  /// Each record replaces the one with its id, or is appended.
  ///
  /// - Throws: ``AppliedRecordsFault``; the table must not be used then.
  package mutating func apply(
    _ records: [OAuthToken], nextID: UInt64
  ) throws(AppliedRecordsFault) {
    guard nextID >= self.nextID else { throw .nextID }
    self.nextID = nextID
    var applied = PositionSet()
    for (index, record) in records.enumerated() {
      let number = index + 1
      guard let id = record.id, !id.isEmpty else { throw .noID(record: number) }
      guard record.revision > 0 else { throw .noRevision(record: number) }
      let position = position(of: TokenQuery(id: id))
      guard applied.insert(position ?? tokens.count) else { throw .repeatedID(record: number) }
      if let position, record.revision < tokens[position].revision {
        throw .olderRevision(record: number)
      }
      enter(record, at: position)
    }
  }

  /// Clears the changes after a commit.
  package mutating func markClean() { changes = TableChanges() }

  /// Requires that the next commit writes a new snapshot: the changes do not lead from the stored table to this.
  package mutating func requireRewrite() { changes.requireRewrite() }
}
