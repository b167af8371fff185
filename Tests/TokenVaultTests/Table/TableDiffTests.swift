import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct TableDiffTests {
  private var table = TokenTable()
  private var seconds: Int64 = 0

  /// Saves a second after the last one.
  private mutating func save(_ json: String) throws {
    seconds += 1
    _ = try table.save(token(json), now: moment(seconds * 1000))
  }

  private mutating func note(_ id: String, _ refresh: RefreshState?) {
    table.updateHistory(id: id) { $0.refresh = refresh }
  }

  /// What has changed since, as short texts.
  private func changes(since old: TokenTable) -> [String] {
    Self.changes(from: old.tokens, to: table.tokens, table.policy)
  }

  private static func changes(
    from old: some Sequence<OAuthToken>, to new: some Sequence<OAuthToken>,
    _ policy: RetentionPolicy = RetentionPolicy()
  ) -> [String] {
    var difference = TableDiff(
      from: CopyOnWriteBlocks(old), to: CopyOnWriteBlocks(new), policy: policy, at: moment(7))
    var texts: [String] = []
    while let change = difference.next() {
      #expect(change.time == moment(7))
      texts.append(
        "\(change.id) \(change.userName ?? "-") \(change.kind.rawValue) \(change.revision)"
          + (change.fields.map { " \($0.joined(separator: ","))" } ?? ""))
    }
    return texts
  }

  private func rejected(_ second: Int64, unanswered: Timestamp? = nil) throws -> RefreshState {
    .rejected(
      at: moment(second * 1000), code: try #require(RejectionCode("invalid_grant")),
      unanswered: unanswered)
  }

  @Test mutating func eachKindOfChangeIsToldOnce() throws {
    try save(#"{"user_name":"a","access_token":"1"}"#)
    try save(#"{"user_name":"b","access_token":"1","x":1,"y":2}"#)
    #expect(
      changes(since: TokenTable()) == [
        "1 a inserted 1 user_name,access_token", "2 b inserted 1 user_name,access_token,x,y",
      ])
    var before = table
    #expect(changes(since: before) == [])
    try save(#"{"user_name":"b","access_token":"2","scope":"s","x":"","y":3,"z":1}"#)
    try save(#"{"user_name":"c","grant_token":"1"}"#)
    try table.delete(ids: ["1"])
    #expect(
      changes(since: before) == [
        "2 b updated 2 access_token,scope,y,z,x", "1 a deleted 1",
        "3 c inserted 1 user_name,grant_token",
      ])
    before = table
    table.deleteAll()
    #expect(changes(since: before) == ["2 b deleted 2", "3 c deleted 1"])
  }

  @Test mutating func everyRevisionIsAChangeAndTheLastOneHasWhatDiffers() throws {
    try save(#"{"user_name":"a","access_token":"1"}"#)
    let before = table
    for number in 2...4 { try save(#"{"user_name":"a","access_token":"\#(number)"}"#) }
    try save(#"{"user_name":"a","scope":"s"}"#)
    try save(#"{"user_name":"b","access_token":"1"}"#)
    try save(#"{"user_name":"b","access_token":"2"}"#)
    #expect(
      changes(since: before) == [
        "1 a updated 2", "1 a updated 3", "1 a updated 4", "1 a updated 5 access_token,scope",
        "2 b inserted 1", "2 b updated 2 user_name,access_token",
      ])
  }

  @Test mutating func aRecordMadeAnewUnderItsIDWasDeletedAndInserted() throws {
    for id in ["x", "y"] { try save(#"{"id":"\#(id)","user_name":"a\#(id)","access_token":"1"}"#) }
    let before = table
    try table.delete(ids: ["y"])
    try save(#"{"id":"y","user_name":"b","access_token":"1"}"#)
    #expect(
      changes(since: before) == [
        "y ay deleted 1", "y b inserted 1 user_name,access_token",
      ], "in its old place, at its old revision")
    try table.delete(ids: ["x"])
    try save(#"{"id":"x","user_name":"b2","access_token":"1"}"#)
    try save(#"{"id":"x","access_token":"2"}"#)
    #expect(
      changes(since: before) == [
        "x ax deleted 1", "y ay deleted 1", "y b inserted 1 user_name,access_token",
        "x b2 inserted 1", "x b2 updated 2 user_name,access_token",
      ])
  }

  @Test mutating func aRejectionIsAChangeAndTheRestOfTheHistoryIsNone() throws {
    try save(#"{"user_name":"a","access_token":"1","refresh_token":"r"}"#)
    var before = table
    note("1", .begun(at: moment(1), process: 7))
    table.updateHistory(id: "1") { $0.lastUsedAt = moment(5) }
    #expect(changes(since: before) == [])
    note("1", .unanswered(at: moment(1)))
    #expect(changes(since: before) == [])
    note("1", try rejected(2))
    #expect(changes(since: before) == ["1 a refresh_rejected 1"])
    before = table
    try save(#"{"user_name":"a","scope":"s"}"#)
    #expect(changes(since: before) == ["1 a updated 2 scope"], "the rejection stays")
    try save(#"{"user_name":"a","refresh_token":"new"}"#)
    #expect(changes(since: before) == ["1 a updated 2", "1 a updated 3 refresh_token,scope"])
    note("1", try rejected(3))
    #expect(
      changes(since: before) == [
        "1 a updated 2", "1 a updated 3 refresh_token,scope", "1 a refresh_rejected 3",
      ])
    #expect(
      changes(since: TokenTable()) == [
        "1 a inserted 1", "1 a updated 2",
        "1 a updated 3 user_name,refresh_token,access_token,scope", "1 a refresh_rejected 3",
      ])
  }

  /// Such saves set the time of the first save; the record is the same.
  @Test mutating func aRecordThatASaveBeginsAnewIsUpdated() throws {
    table.policy.maxAge = .seconds(10)
    try save(#"{"user_name":"a","access_token":"1"}"#)
    var before = table
    seconds = 100
    try save(#"{"user_name":"a","access_token":"2"}"#)
    #expect(table.tokens[0].history.firstSavedAt == moment(101_000))
    #expect(changes(since: before) == ["1 a updated 2 access_token"])

    var old = table.tokens[0]
    old.history = RecordHistory()
    table = TokenTable(tokens: [old], nextID: 2)
    before = table
    try save(#"{"user_name":"a","access_token":"3"}"#)
    #expect(changes(since: before) == ["1 a updated 3 access_token"], "from before histories")
  }

  @Test mutating func textsThatOnlyLookTheSameDiffer() throws {
    try save(#"{"id":"\u00e9","user_name":"\u00e9","access_token":"1"}"#)
    let before = table
    try save(#"{"id":"e\u0301","user_name":"e\u0301","access_token":"1"}"#)
    #expect(changes(since: before) == ["e\u{301} e\u{301} inserted 1 user_name,access_token"])
    try save(#"{"id":"e\u0301","api_domain":"\u00e9"}"#)
    let later = table
    try save(#"{"id":"e\u0301","api_domain":"e\u0301"}"#)
    #expect(changes(since: later) == ["e\u{301} e\u{301} updated 3 api_domain"])
  }

  /// As `restore` may leave it: older records, and another order.
  @Test mutating func aRestoredSnapshotIsComparedByIDs() throws {
    for name in ["a", "b", "c"] { try save(#"{"user_name":"\#(name)","access_token":"1"}"#) }
    let snapshot = table
    try table.delete(ids: ["1"])
    try save(#"{"user_name":"c","access_token":"2"}"#)
    let before = table
    table = snapshot
    #expect(
      changes(since: before) == [
        "3 c deleted 2", "1 a inserted 1 user_name,access_token",
        "3 c inserted 1 user_name,access_token",
      ])
  }

  @Test(.timeLimit(.minutes(60)))
  mutating func aHundredThousandRecordsInAnyOrderAreComparedInAMoment() throws {
    var tokens: [OAuthToken] = []
    for number in 1...100_000 {
      var token = OAuthToken()
      token.id = String(number)
      token.accessToken = "t"
      token.revision = 3
      tokens.append(token)
    }
    var changed = tokens
    changed[50_000].revision = 4
    changed[50_000].accessToken = "u"
    changed.remove(at: 10)
    #expect(
      Self.changes(from: tokens, to: changed) == [
        "50001 - updated 4 access_token", "11 - deleted 3",
      ])
    #expect(Self.changes(from: tokens, to: tokens.reversed()) == [])
    #expect(Self.changes(from: tokens, to: []).count == 100_000)
  }

  @Test mutating func manyRevisionsTakeNoMemoryBeforeTheyAreAskedFor() throws {
    try save(#"{"user_name":"a","access_token":"1"}"#)
    let before = table.tokens
    var after = before
    after[0].revision = TokenTable.counterLimit
    var difference = TableDiff(
      from: before, to: after, policy: RetentionPolicy(), at: moment(0))
    for revision in 2...1000 { #expect(difference.next()?.revision == revision) }
  }
}
