import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct TableChangesTests {
  private var table = TokenTable()

  init() throws {
    for name in ["a", "b", "c"] { try save(#"{"user_name":"\#(name)","access_token":"1"}"#) }
    table.markClean()
  }

  @discardableResult
  private mutating func save(_ json: String) throws -> SaveOutcome {
    try table.save(token(json), now: moment(1))
  }

  private func record(_ id: String?, revision: Int, _ user: String = "x") -> OAuthToken {
    var record = OAuthToken()
    (record.id, record.revision, record.userName) = (id, revision, user)
    return record
  }

  @Test mutating func eachChangedRecordIsThereOnceInTheOrderOfTheFirstChange() throws {
    #expect(table.changes.isEmpty && table.changedTokens.isEmpty)
    try save(#"{"user_name":"c","access_token":"2"}"#)
    try save(#"{"user_name":"d","access_token":"1"}"#)
    table.updateHistory(id: "1") { $0.lastUsedAt = moment(5) }
    table.updateHistory(id: "unknown") { $0.lastUsedAt = moment(5) }
    try save(#"{"user_name":"b","access_token":"1"}"#)
    try save(#"{"user_name":"c","access_token":"3"}"#)
    #expect(table.changes.positions == [2, 3, 0] && !table.changes.isRewrite)
    #expect(table.changedTokens == [table.tokens[2], table.tokens[3], table.tokens[0]])
    let copy = table
    table.markClean()
    #expect(table.changes == TableChanges() && copy.changes.positions == [2, 3, 0])
    try save(#"{"user_name":"b","access_token":"2"}"#)
    #expect(table.changes.positions == [1])
  }

  @Test mutating func whatChangedRecordsCannotTellHasAllWritten() throws {
    let start = table
    try table.delete(ids: ["2"])
    #expect(table.changes.isRewrite && table.changedTokens.isEmpty)
    try save(#"{"user_name":"c","access_token":"2"}"#)
    #expect(table.changes.isRewrite && table.changedTokens.isEmpty)
    table.markClean()
    #expect(table.changes.isEmpty)
    table.deleteAll()
    #expect(table.changes.isRewrite)
    table = start
    table.policy = start.policy
    #expect(table.changes.isEmpty, "the same limits")
    table.policy.idle = .seconds(60)
    #expect(table.changes.isRewrite)
    let made = TokenTable(tokens: table.tokens, nextID: 9, policy: table.policy)
    #expect(made.changes.isEmpty)
  }

  @Test mutating func whatOthersHaveStoredIsTakenInAndIsNoChange() throws {
    try save(#"{"user_name":"a","access_token":"2"}"#)
    #expect(table.find(TokenQuery(userName: "b"))?.id == "2", "users are indexed")
    try table.apply(
      [record("2", revision: 4, "new"), record("9", revision: 1, "b"), record("3", revision: 1)],
      nextID: 10)
    #expect(table.tokens.map(\.id) == ["1", "2", "3", "9"])
    #expect(table.tokens.map(\.revision) == [2, 4, 1, 1])
    #expect(table.changes.positions == [0] && table.nextID == 10)
    #expect(table.find(TokenQuery(userName: "b"))?.id == "9")
    #expect(table.find(TokenQuery(userName: "new"))?.id == "2")
    #expect(try save(#"{"user_name":"e","access_token":"1"}"#).token.id == "10")
    #expect(table.changes.positions == [0, 4])
    try save(#"{"id":"9","scope":"s"}"#)
    #expect(table.changes.positions == [0, 4, 3])
  }

  @Test mutating func whatCannotHaveBeenStoredAfterIsRefused() throws {
    try save(#"{"user_name":"a","access_token":"2"}"#)
    func fault(_ records: [OAuthToken], nextID: UInt64 = 4) -> AppliedRecordsFault? {
      var table = table
      do throws(AppliedRecordsFault) { try table.apply(records, nextID: nextID) } catch {
        return error
      }
      return nil
    }
    let good = record("1", revision: 2)
    #expect(fault([good]) == nil && fault([]) == nil)
    #expect(fault([good], nextID: 3) == .nextID)
    #expect(fault([good, record(nil, revision: 1)]) == .noID(record: 2))
    #expect(fault([record("", revision: 1)]) == .noID(record: 1))
    #expect(fault([record("1", revision: 0)]) == .noRevision(record: 1))
    #expect(fault([record("1", revision: 1)]) == .olderRevision(record: 1))
    #expect(fault([good, good]) == .repeatedID(record: 2))
    #expect(fault([record("n", revision: 1), record("n", revision: 2)]) == .repeatedID(record: 2))
  }

  @Test mutating func aHundredThousandChangesAreNotedInAMoment() throws {
    table = TokenTable(
      tokens: CopyOnWriteBlocks((0..<100_000).map { record("\($0)", revision: 1) }))
    for position in 0..<100_000 { table.put(table.tokens[position], at: position) }
    for position in 0..<100_000 { table.put(table.tokens[position], at: position) }
    #expect(table.changes.positions == Array(0..<100_000))
  }
}

@Suite struct PositionSetTests {
  @Test(arguments: [[0, 1, 63, 64, 1000], [1000, 64, 63, 1, 0], [99_999, 5, 70_000, 128]])
  func aSetHasExactlyThePositionsThatWereInsertedInAnyOrder(_ positions: [Int]) {
    var set = PositionSet()
    for position in positions { #expect(set.insert(position) && !set.insert(position)) }
    let found = (0..<100_100).filter { set.contains($0) }
    #expect(found == positions.sorted())
    var other = PositionSet()
    for position in positions.reversed() { _ = other.insert(position) }
    #expect(set == other && PositionSet() != set)
  }
}
