import Testing

@testable import TokenRecords
@testable import TokenVault

/// Records of another store: what is apart stays apart, and what is one stays one.
@Suite struct ImportingTests {
  private let now = VaultTime(clock: moment(1_700_000_000_000))

  private func table(_ records: String...) throws -> TokenTable {
    var table = TokenTable()
    for record in records { _ = try table.save(token(record), now: now.clock) }
    return table
  }

  private func tokens(_ records: String...) throws -> [OAuthToken] {
    try records.map { try token($0) }
  }

  private func fault(
    _ table: TokenTable, _ tokens: [OAuthToken], _ rules: ImportRules = ImportRules()
  ) -> (reason: TokenTableError, record: Int)? {
    var table = table
    do throws(ImportFault) {
      _ = try table.importAll(tokens, now: now, rules)
      return nil
    } catch { return (error.reason, error.record) }
  }

  @Test func anotherAccessTokenDoesNotGetTheEndOfTheOneBefore() throws {
    var table = try table(
      #"{"user_name":"ann","client_id":"c","access_token":"1","expires_at":"2027-01-01T00:00:00Z"}"#
    )
    let given = try tokens(#"{"user_name":"ann","client_id":"c","access_token":"2"}"#)
    _ = try table.importAll(given, now: now, ImportRules())
    #expect(table.tokens.map(\.accessToken) == ["2"])
    #expect(table.tokens.map(\.expiresAt) == [nil])
  }

  @Test func aRevisionDoesNotMakeARecordOfAnotherProgramAVaults() throws {
    let text = #"{"revision":3,"user":"ann","accessToken":"1","refreshToken":"2"}"#
    let read = try OutsideText.read(text.utf8.span, .imported(at: now.clock))
    #expect(fault(TokenTable(), read.tokens)?.reason == .noCredential)
  }

  @Test func anIDThatIsGivenDoesNotMakeOneUserAnother() throws {
    let table = try table(#"{"id":"1","user_name":"ann","client_id":"c","refresh_token":"r"}"#)
    let given = try tokens(#"{"id":"1","user_name":"bob","client_id":"d","access_token":"2"}"#)
    #expect(fault(table, given, ImportRules(matchesIDs: true))?.reason == .userConflict(id: "1"))
  }

  @Test func theRecordOfTheClientIsMeantAndNotTheOneWithTheIDAndNoClient() throws {
    var table = try table(
      #"{"id":"1","user_name":"ann","access_token":"1"}"#,
      #"{"id":"2","user_name":"ann","client_id":"c","access_token":"2"}"#)
    let given = try tokens(#"{"id":"1","user_name":"ann","client_id":"c","access_token":"3"}"#)
    _ = try table.importAll(given, now: now, ImportRules())
    #expect(table.tokens.map(\.accessToken) == ["1", "3"])
  }

  @Test func recordsOfOneInputNeverMatchEachOther() throws {
    var table = TokenTable()
    let given = try tokens(
      #"{"id":"a","user_name":"ann","client_id":"c","access_token":"1"}"#,
      #"{"id":"b","user_name":"ann","client_id":"c","access_token":"2"}"#,
      #"{"user_name":"ann","client_id":"c","access_token":"2"}"#,
      #"{"id":"a","user_name":"ann","access_token":"3"}"#)
    let outcomes = try table.importAll(given, now: now, ImportRules())
    #expect(outcomes.map(\.change) == [.inserted, .inserted, .inserted, .inserted])
    #expect(outcomes.map(\.token.id) == ["a", "b", "1", "2"])
    #expect(table.tokens.map(\.accessToken) == ["1", "2", "2", "3"])
  }

  @Test func twoThatMeanOneStoredRecordAreRefusedWithBothPlaces() throws {
    let stored = try table(#"{"user_name":"ann","access_token":"1"}"#)
    let given = try tokens(
      #"{"user_name":"ben","access_token":"2"}"#, #"{"user_name":"ann","access_token":"3"}"#,
      #"{"user_name":"ann","access_token":"4"}"#)
    let found = try #require(fault(stored, given))
    #expect(found.reason == .sameRecord(id: "1", other: 2) && found.record == 3)
    let error = TokenVaultError(found.reason, record: found.record)
    #expect(error == .sameRecord(id: "1", records: [2, 3]) && error.code == .conflict)
    #expect("\(error)".contains("the records 2 and 3 mean the same token '1'"))
    let ids = try tokens(
      #"{"id":"x","user_name":"ann","access_token":"3"}"#,
      #"{"id":"y","user_name":"ann","access_token":"4"}"#)
    #expect(fault(stored, ids)?.reason == .sameRecord(id: "1", other: 1))
  }

  @Test func theirIDsKeepRecordsOfOneUserApart() throws {
    var stored = try table(
      #"{"id":"read","user_name":"ann","access_token":"1"}"#,
      #"{"id":"write","user_name":"ann","access_token":"2"}"#)
    let given = try tokens(
      #"{"id":"write","user_name":"ann","access_token":"4"}"#,
      #"{"id":"new","user_name":"ann","access_token":"5"}"#,
      #"{"id":"read","user_name":"ann","access_token":"3"}"#)
    let outcomes = try stored.importAll(given, now: now, ImportRules())
    #expect(outcomes.map(\.token.id) == ["write", "new", "read"])
    #expect(outcomes.map(\.change) == [.updated, .inserted, .updated])
    #expect(stored.tokens.map(\.accessToken) == ["3", "4", "5"])
    // An id of another user is another store's.
    let other = try tokens(#"{"id":"read","user_name":"ben","access_token":"6"}"#)
    #expect(try stored.importAll(other, now: now, ImportRules())[0].token.id == "1")
    let client = try tokens(
      #"{"id":"read","user_name":"ann","client_id":"c","access_token":"7"}"#)
    #expect(try stored.importAll(client, now: now, ImportRules())[0].token.id == "read")
    let otherClient = try tokens(
      #"{"id":"read","user_name":"ann","client_id":"d","access_token":"8"}"#)
    #expect(try stored.importAll(otherClient, now: now, ImportRules())[0].token.id != "read")
  }

  @Test func anIDOfTheUserDecides() throws {
    var stored = try table(
      #"{"user_name":"ann","access_token":"1"}"#, #"{"access_token":"2"}"#)
    let rules = ImportRules(matchesIDs: true)
    let given = try tokens(#"{"id":"2","user_name":"ann","access_token":"3"}"#)
    #expect(try stored.importAll(given, now: now, rules)[0].token.id == "2")
    let new = try tokens(#"{"id":"9","user_name":"ann","access_token":"4"}"#)
    #expect(try stored.importAll(new, now: now, rules)[0].change == .inserted)
    #expect(stored.tokens.map(\.accessToken) == ["1", "3", "4"])
  }

  @Test(arguments: ["2030-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "unknown"])
  func anEndThatIsNotLaterChangesNothing(_ end: String) throws {
    let stored = try table(
      #"{"user_name":"ann","access_token":"new","expires_at":"2030-01-01T00:00:00Z"}"#)
    let given = try tokens(
      #"{"user_name":"ann","access_token":"old","refresh_token":"r","expires_at":"\#(end)"}"#)
    var copy = stored
    let outcome = try copy.importAll(given, now: now, ImportRules())[0]
    #expect(outcome.change == .unchanged && outcome.notices == [.notLater])
    #expect(copy.tokens == stored.tokens)
    let overwritten = try copy.importAll(given, now: now, ImportRules(overwrites: true))[0]
    #expect(overwritten.change == .updated && overwritten.token.accessToken == "old")
    #expect(overwritten.notices == [.accessTokenReplaced])
  }

  @Test func aLaterEndReplacesTheTokenAndSaysSo() throws {
    var stored = try table(
      #"{"user_name":"ann","access_token":"old","expires_at":"2030-01-01T00:00:00Z"}"#,
      #"{"user_name":"ben","access_token":"old"}"#)
    let given = try tokens(
      #"{"user_name":"ann","access_token":"new","expires_at":"2030-01-01T00:00:01Z"}"#,
      #"{"user_name":"ben","access_token":"new"}"#)
    let outcomes = try stored.importAll(given, now: now, ImportRules())
    #expect(outcomes.map(\.change) == [.updated, .updated])
    #expect(outcomes.map(\.notices) == [[.accessTokenReplaced], [.accessTokenReplaced]])
    let again = try stored.importAll(given, now: now, ImportRules())
    #expect(again.map(\.change) == [.unchanged, .unchanged])
    #expect(again.allSatisfy { $0.notices.isEmpty })
  }

  @Test func onlyIntoAnEmptyTableAnExportComesAsItWas() throws {
    var record = try token(#"{"id":"7","user_name":"ann","access_token":"1"}"#)
    record.revision = 5
    record.history.firstSavedAt = moment(1)
    var bare = try token(#"{"id":"8","scope":"x"}"#)
    bare.revision = 2
    var empty = TokenTable()
    _ = try empty.importAll([record, bare], now: now, ImportRules())
    #expect(Array(empty.tokens) == [record, bare])
    #expect(empty.tokens[0].history == record.history)
    var other = try table(#"{"user_name":"ben","access_token":"1"}"#)
    let merged = try other.importAll([record], now: now, ImportRules())[0].token
    #expect(merged.revision == 1 && merged.history.firstSavedAt == now.clock && merged.id == "7")
    #expect(fault(other, [bare])?.reason == .noCredential)
  }

  @Test func manyRecordsOfOneUserTakeNoLongerThanTheyAre() throws {
    var stored = try table(#"{"user_name":"other","access_token":"1"}"#)
    let given = try (0..<20_000).map { index in
      var record = try token(#"{"user_name":"NULL","access_token":"a"}"#)
      record.id = "r\(index)"
      return record
    }
    #expect(try stored.importAll(given, now: now, ImportRules()).count == 20_000)
    #expect(RepeatedKey(of: given)?.count == 20_000)
    #expect(RepeatedKey(of: given)?.field == "user_name")
    #expect(RepeatedKey(of: Array(given.prefix(1))) == nil)
  }
}
