import Testing

@testable import TokenRecords
@testable import TokenVault

/// What an authentic snapshot must hold: a vault that breaks a rule is refused, and its records with it.
@Suite struct SnapshotContentsTests {
  private func decode(_ text: String, _ format: RecordFormat = .json) throws -> TokenTable {
    let bytes = Array(text.utf8)
    var reader = SnapshotReader(as: format)
    try reader.add(bytes.span)
    return try reader.finish()
  }

  /// A first line with the rest of a preamble behind it.
  private static func limits(_ nextID: String) -> String {
    "\(nextID)\nmax-age none\nidle none\nexpired none\n\n"
  }

  @Test func moreRecordsThanThisBuildReadsAreNoDamage() {
    func fault(_ reason: RecordError.Reason) -> TokenVaultError? {
      #expect(throws: TokenVaultError.self) {
        try TokenVaultError.wrap(at: "v", contents: fail(reason))
      }
    }
    #expect(fault(.tooManyRecords) == .tooManyRecords)
    guard case .damaged = fault(.notStored) else {
      Issue.record("another fault is no damage")
      return
    }
  }

  private func fail(_ reason: RecordError.Reason) throws(SnapshotFault) {
    throw .records(RecordError(reason: reason, line: 1, column: 1))
  }

  @Test func whatIsWrittenIsRead() throws {
    for format in RecordFormat.allCases {
      var table = TokenTable()
      _ = try table.save(
        token(#"{"user_name":"a","access_token":"1","x":[1]}"#), now: moment(7))
      _ = try table.save(token(#"{"id":"7","access_token":"2"}"#), now: moment(8))
      table.policy.idle = .seconds(60)
      table.updateHistory(id: "7") { $0.refresh = .begun(at: moment(9), process: 5) }
      let text = SnapshotContents.preamble(of: table) + format.encode(Array(table.tokens))
      let back = try decode(text.text, format)
      #expect(back.tokens == table.tokens && back.nextID == 8)
      #expect(back.tokens.map(\.history) == table.tokens.map(\.history))
      #expect(back.policy == table.policy)
    }
  }

  @Test(arguments: [
    "", "next-id 1", "next-id 1\n", "next-id 1\n\n", Self.limits("next-id 01"),
    Self.limits("next-id +1"),
    Self.limits("next-id -1"), Self.limits("next-id "), Self.limits("nextid 1"),
    Self.limits("next-id 1000000000000001"), Self.limits("next-id 18446744073709551616"),
    "next-id 1\nidle none\nmax-age none\nexpired none\n\n",
    "next-id 1\nmax-age none\nidle none\nexpired none\n",
    "next-id 1\nmax-age none\nidle none\nexpired none\nmore none\n\n",
    "next-id 1\nmax-age 0\nidle none\nexpired none\n\n",
    "next-id 1\nmax-age none\nidle 10000000001\nexpired none\n\n",
    "next-id 1\nmax-age none\nidle none\nexpired 01\n\n",
    "next-id 1\nmax-age none\nidle none\nexpired\n\n",
  ])
  func aPreambleThatIsNoneIsRefused(_ text: String) {
    #expect(throws: SnapshotFault.self) { try decode(text) }
  }

  @Test(arguments: [
    #"{"id":"1","revision":1,"access_token":"a"}"#,
    "[{\"id\":\"1\",\"revision\":1,\"access_token\":\"a\"}]\n",
    "{\"id\":\"1\",\"revision\":1,\"scope\":\"\"}\n",
    "{\"id\":\"1\",\"revision\":1,\"scope\":null}\n",
    "{\"id\":\"1\",\"revision\":1,\"expires_in\":60}\n",
    "{\"id\":\"1\",\"revision\":1,\"expiry_time\":60}\n",
    "{\"id\":\"1\"}\n", "{\"revision\":1}\n", "{\"id\":\"1\",\"revision\":0}\n",
    "{\"id\":\"1\",\"revision\":1000000000000001}\n",
    "{\"id\":\"1\",\"revision\":1,\"expires_in_sec\":60}\n",
    "{\"id\":\"1\",\"revision\":1,\"first_saved_at\":\"2026-01-01T00:00:00Z\"}\n",
    "{\"id\":\"1\",\"revision\":1,\"last_used_at\":\"today\"}\n",
    "{\"id\":\"1\",\"revision\":1,\"last_used_at\":null}\n",
    "{\"id\":\"1\",\"revision\":1,\"refresh_state\":\"begun\"}\n",
    "{\"id\":\"1\",\"revision\":1,\"refresh_state\":\"begun 1970-01-01T00:00:00.000Z 01\"}\n",
    "{\"id\":\"1\",\"revision\":1}\n{\"id\":\"1\",\"revision\":1}\n",
  ])
  func recordsThatNoVaultHasAreRefused(_ records: String) {
    #expect(throws: SnapshotFault.self) { try decode(Self.limits("next-id 1") + records) }
  }

  @Test func tooManyColumnsAreRefused() {
    let names = (0...RecordFormat.attributeColumnLimit).map { "n\($0)" }.joined(separator: ",")
    let known = CSVRecordEncoder.header([]).joined(separator: ",")
    for columns in ["\(known),\(names)", "\(known),expires_in"] {
      #expect(throws: SnapshotFault.self) {
        try decode(Self.limits("next-id 1") + "\(columns)\r\n", .csv)
      }
    }
  }

  @Test func countersAtTheirEndAreAnErrorAndNoTrap() throws {
    var table = try decode(Self.limits("next-id 1000000000000000"))
    #expect(throws: TokenTableError.countersExhausted) {
      try table.save(token(#"{"access_token":"1"}"#), now: moment(0))
    }
    table = try decode(Self.limits("next-id 2") + "{\"id\":\"1\",\"revision\":1000000000000000}\n")
    #expect(throws: TokenTableError.countersExhausted) {
      try table.save(token(#"{"id":"1","scope":"x"}"#), now: moment(0))
    }
  }
}
