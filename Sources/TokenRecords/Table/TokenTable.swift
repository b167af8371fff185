/// The records of a store, and the rules by which they are matched, saved and deleted.
///
/// A pure value: whoever holds it makes its changes durable. A copy that changes shares with the other what
/// both still have, so that a table of many records is as quickly saved to as one of few.
package struct TokenTable: Sendable {
  /// Where revisions and ids stop: 10^15, which no counting reaches.
  package static let counterLimit = 1_000_000_000_000_000

  /// In the order in which they were first saved.
  package private(set) var tokens: CopyOnWriteBlocks<OAuthToken>
  /// The next id to give: above every decimal id that was ever here.
  package private(set) var nextID: UInt64
  /// What ends a record.
  package var policy: RetentionPolicy {
    didSet { if policy != oldValue { changes.requireRewrite() } }
  }
  /// What has changed since the table was last stored; nothing, when it was just made.
  package private(set) var changes = TableChanges()
  private var index = TokenIndex()
  /// The names of unknown fields, for whom it matters how many there are: nil until somebody sets it, and kept up
  /// from then on.
  package var attributeNames: AttributeNames?

  package init(
    tokens: CopyOnWriteBlocks<OAuthToken> = [], nextID: UInt64 = 1,
    policy: RetentionPolicy = RetentionPolicy()
  ) {
    (self.tokens, self.nextID, self.policy) = (tokens, nextID, policy)
  }

  // MARK: Finding

  /// The record that the query means; nil if there is none, or if it leaves open which client's it means.
  ///
  /// Among several, one whose client is the query's comes before one without a client; then the oldest.
  package mutating func find(_ query: TokenQuery) -> OAuthToken? { match(query).token }

  /// The records that the query fits.
  package mutating func match(_ query: TokenQuery) -> TokenMatch {
    guard let match = index.match(query, in: tokens) else { return .none }
    if match.hasSeveralClients, let clients = severalClients(query) {
      return .severalClients(clients)
    }
    return .record(tokens[match.oldest], count: match.count)
  }

  /// Where the records are that the query fits; nil if it fits none.
  mutating func places(of query: TokenQuery) throws(TokenTableError) -> IndexMatch? {
    let match = index.match(query, in: tokens)
    if match?.hasSeveralClients == true, let clients = severalClients(query) {
      throw .severalClients(clients)
    }
    return match
  }

  /// Reads all records, which only an error pays for.
  private func severalClients(_ query: TokenQuery) -> SeveralClients? {
    guard let key = query.key else { return nil }
    let text = ExactText(key.text)
    return SeveralClients(
      key: key.field, tokens.lazy.filter { $0[key.field].map(ExactText.init) == text })
  }

  /// Where the record is that the query means.
  mutating func position(of query: TokenQuery) -> Int? { index.position(of: query, in: tokens) }

  /// The first position whose id is that of a record before it.
  mutating func firstRepeatedID() -> Int? { index.firstRepeatedID(in: tokens) }

  // MARK: Changing

  /// Puts a record at the end.
  mutating func append(_ token: OAuthToken) {
    enter(token)
    changes.note(tokens.count - 1)
  }

  /// Puts a record in another's place.
  mutating func put(_ token: OAuthToken, at position: Int) {
    enter(token, at: position)
    changes.note(position)
  }

  /// Changes what is noted of a record, if it is there; its revision stays.
  package mutating func note(id: String, _ change: (inout RecordHistory) -> Void) {
    guard let position = position(of: TokenQuery(id: id)) else { return }
    change(&tokens[position].history)
    changes.note(position)
  }

  private mutating func enter(_ token: OAuthToken) {
    tokens.append(token)
    index.add(token)
    attributeNames?.insert(token.attributes)
  }

  private mutating func enter(_ token: OAuthToken, at position: Int) {
    index.replace(tokens[position], with: token, at: position)
    tokens[position] = token
    attributeNames?.insert(token.attributes)
  }

  // MARK: Rolling back

  /// Goes back to an earlier copy, and keeps what was found out about its records since.
  package mutating func rollBack(to copy: TokenTable) {
    let discarded = self
    self = copy
    keepIndexes(of: discarded)
  }

  /// Builds the kinds of index that a changed copy of this table has built: the copy is discarded, and the next one
  /// would read all records again.
  package mutating func keepIndexes(of copy: TokenTable) {
    index.build(asIn: copy.index, from: tokens)
    // A copy only adds names.
    if attributeNames == nil { attributeNames = copy.attributeNames }
  }

  // MARK: Ids

  /// Whether a record has this id.
  mutating func isTaken(_ id: String) -> Bool { position(of: TokenQuery(id: id)) != nil }

  /// The next id to give; it is given by this.
  mutating func nextFreeID() throws(TokenTableError) -> String {
    while nextID < Self.counterLimit, isTaken(String(nextID)) { nextID += 1 }
    guard nextID < Self.counterLimit else { throw .countersExhausted }
    defer { nextID += 1 }
    return String(nextID)
  }

  /// Keeps the counter above a caller's own decimal id. Ids past 10^15 are left alone: counting never
  /// gets there, and the counter must not overflow.
  mutating func passOver(_ id: String) {
    guard let number = UInt64(id), String(number) == id, number < Self.counterLimit else {
      return
    }
    nextID = max(nextID, number + 1)
  }

  // MARK: Deleting

  /// Deletes all of these, or none where one of them is unknown or has another revision.
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

  /// Deletes every record; ids go on from where they were.
  package mutating func deleteAll() {
    tokens = []
    index = TokenIndex()
    changes.requireRewrite()
  }

  // MARK: Storing

  /// The records that were changed or appended since the table was last stored, as they are now; none where all is
  /// to be written anew.
  package var changedTokens: [OAuthToken] { changes.positions.map { tokens[$0] } }

  /// Takes in what another process has stored after this table. No change of this table's own.
  ///
  /// Each record takes the place of the one with its id, or is appended. After an error the table is of no use.
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
      guard let position else {
        enter(record)
        continue
      }
      guard record.revision >= tokens[position].revision else {
        throw .olderRevision(record: number)
      }
      enter(record, at: position)
    }
  }

  /// Forgets the changes: they are stored.
  package mutating func markClean() { changes = TableChanges() }

  /// Has all written anew: what is in this table did not come about by changes of what is stored.
  package mutating func requireRewrite() { changes.requireRewrite() }
}
