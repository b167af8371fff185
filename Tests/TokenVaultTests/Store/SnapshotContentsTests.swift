import Testing

@testable import TokenVault

/// What an authentic snapshot must hold: a vault that breaks a rule is refused, and its records with it.
@Suite struct SnapshotContentsTests {
  private func decode(_ text: String, _ format: RecordFormat = .json) throws -> TokenTable {
    try SnapshotContents.decode(Array(text.utf8).span, as: format)
  }

  @Test func whatIsWrittenIsRead() throws {
    for format in RecordFormat.allCases {
      var table = TokenTable()
      _ = try table.save(token(#"{"user_name":"a","access_token":"1","x":[1]}"#))
      _ = try table.save(token(#"{"id":"7","access_token":"2"}"#))
      let text = SnapshotContents.encode(table, as: format)
      let back = try SnapshotContents.decode(text.span, as: format)
      #expect(back.tokens == table.tokens && back.nextID == 8)
    }
  }

  @Test(arguments: [
    "", "next-id 1", "next-id 1\n", "next-id 01\n\n", "next-id +1\n\n", "next-id -1\n\n",
    "next-id \n\n",
    "next-id 1000000000000001\n\n", "next-id 18446744073709551616\n\n", "nextid 1\n\n",
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
    "{\"id\":\"1\",\"revision\":1}\n{\"id\":\"1\",\"revision\":1}\n",
  ])
  func recordsThatNoVaultHasAreRefused(_ records: String) {
    #expect(throws: SnapshotFault.self) { try decode("next-id 1\n\n" + records) }
  }

  @Test func tooManyColumnsAreRefused() {
    let names = (0...RecordFormat.attributeColumnLimit).map { "n\($0)" }.joined(separator: ",")
    #expect(throws: SnapshotFault.self) {
      try decode("next-id 1\n\nid,revision,\(names)\r\n", .csv)
    }
    #expect(throws: SnapshotFault.self) {
      try decode("next-id 1\n\nid,revision,expires_in\r\n", .csv)
    }
  }

  @Test func countersAtTheirEndAreAnErrorAndNoTrap() throws {
    var table = try decode("next-id 1000000000000000\n\n")
    #expect(throws: TokenTableError.countersExhausted) {
      try table.save(token(#"{"access_token":"1"}"#))
    }
    table = try decode("next-id 2\n\n{\"id\":\"1\",\"revision\":1000000000000000}\n")
    #expect(throws: TokenTableError.countersExhausted) {
      try table.save(token(#"{"id":"1","scope":"x"}"#))
    }
  }
}
