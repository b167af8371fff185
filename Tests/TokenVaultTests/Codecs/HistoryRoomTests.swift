import Testing

@testable import TokenRecords
@testable import TokenVault

/// What is noted of a record comes after it was found that it can be stored, and must not make it too long.
@Suite struct HistoryRoomTests {
  /// The longest history.
  private func longestHistory() throws -> RecordHistory {
    var history = RecordHistory()
    (history.firstSavedAt, history.lastUsedAt) = (moment(0), moment(1))
    let code = try #require(RejectionCode(String(repeating: "~", count: 64)))
    history.refresh = .rejected(at: moment(2), code: code, unanswered: moment(3))
    return history
  }

  @Test(arguments: RecordFormat.allCases)
  func theLongestRecordThatIsTakenCanBeReadWithTheLongestHistory(_ format: RecordFormat) throws {
    var record = OAuthToken()
    (record.id, record.revision) = ("1", TokenTable.counterLimit)
    var (fits, tooLong) = (0, RecordFormat.recordSizeLimit)
    while fits + 1 < tooLong {
      let size = (fits + tooLong) / 2
      record.accessToken = Secret(String(repeating: "x", count: size))
      if format.canHold(record) { fits = size } else { tooLong = size }
    }
    #expect(fits > RecordFormat.recordSizeLimit - 2500)
    record.accessToken = Secret(String(repeating: "x", count: fits))
    record.history = try longestHistory()
    let text = format.encode([record])
    #expect(try format.decode(stored: text.span).map(\.history) == [record.history])
  }

  @Test(arguments: RecordFormat.allCases)
  func manyRecordsWithTheLongestHistoryAreWrittenAndRead(_ format: RecordFormat) throws {
    var record = OAuthToken()
    for field in TokenField.allCases { record[field] = "x" }
    (record.revision, record.history) = (TokenTable.counterLimit, try longestHistory())
    let records = Array(repeating: record, count: 100)
    let text = format.encode(records)
    #expect(try format.decode(stored: text.span) == records)
  }

  /// A reader takes no escapes in a history, so that there is one way to write it.
  @Test func aCodeThatJSONWouldEscapeIsNone() throws {
    for code in ["\"", "inv\\alid", "a b", "", "é", "\u{7F}", String(repeating: "x", count: 65)] {
      #expect(RejectionCode(code) == nil)
    }
    let all = (0x21...0x7E).filter { $0 != 0x22 && $0 != 0x5C }.map { UInt8($0) }
    for start in [0, 46] {
      let text = String(decoding: all[start..<start + 46], as: UTF8.self)
      var record = try token(#"{"id":"1","access_token":"a"}"#)
      record.history.refresh = .rejected(
        at: moment(0), code: try #require(RejectionCode(text)), unanswered: nil)
      record.revision = 1
      for format in RecordFormat.allCases {
        let stored = format.encode([record])
        #expect(try format.decode(stored: stored.span).first?.history == record.history)
      }
    }
  }
}
