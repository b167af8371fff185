import Testing

@testable import TokenVault

/// What every store refuses, and changes nothing.
@Suite struct TokenStoreConflictTests {
  @Test(arguments: StoreKind.allCases)
  func anIDWithAnotherUserIsAConflict(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"user_name":"a","access_token":"1"}"#))
    await #expect(throws: TokenVaultError.userConflict(id: "1")) {
      try await store.save(token(#"{"id":"1","user_name":"b","access_token":"2"}"#))
    }
    #expect(try await store.findToken(id: "1")?.accessToken == "1")
    #expect(
      try await store.save(token(#"{"id":"1","user_name":"","access_token":"2"}"#)).change
        == .updated)
  }

  @Test(arguments: StoreKind.allCases)
  func aNewRecordNeedsACredential(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    for json in [
      "{}", #"{"user_name":"a","client_id":"c"}"#, #"{"user_name":"a","access_token":""}"#,
    ] {
      await #expect(throws: TokenVaultError.noCredential(record: 1)) {
        try await store.save(token(json))
      }
    }
    for json in [#"{"access_token":"1"}"#, #"{"refresh_token":"1"}"#, #"{"grant_token":"1"}"#] {
      #expect(try await store.save(token(json)).change == .inserted)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func deletingAnUnknownIDIsAnErrorAndFindingOneIsNil(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"access_token":"1"}"#))
    for id in ["2", "01", "", "1 or 1=1"] {
      await #expect(throws: TokenVaultError.unknownID(id)) { try await store.deleteToken(id: id) }
      #expect(try await store.findToken(id: id) == nil)
    }
    try await store.deleteToken(id: "1")
    #expect(try await store.allTokens().isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func aDemandedRevisionGuardsSavesAndDeletes(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    let new = try token(#"{"user_name":"a","access_token":"1"}"#)
    await #expect(throws: TokenVaultError.revisionConflict(id: nil, expected: 1, actual: 0)) {
      try await store.save(new, ifRevision: 1)
    }
    try await store.save(new, ifRevision: 0)
    await #expect(throws: TokenVaultError.revisionConflict(id: "1", expected: 0, actual: 1)) {
      try await store.save(new, ifRevision: 0)
    }
    try await store.save(token(#"{"user_name":"a","access_token":"2"}"#), ifRevision: 1)
    await #expect(throws: TokenVaultError.revisionConflict(id: "1", expected: 1, actual: 2)) {
      try await store.save(token(#"{"user_name":"a","access_token":"3"}"#), ifRevision: 1)
    }
    await #expect(throws: TokenVaultError.revisionConflict(id: "1", expected: 1, actual: 2)) {
      try await store.deleteToken(id: "1", ifRevision: 1)
    }
    #expect(try await store.findToken(id: "1")?.accessToken == "2")
    try await store.deleteToken(id: "1", ifRevision: 2)
  }

  @Test(arguments: StoreKind.allCases)
  func whatNoVaultCouldHoldIsRefusedByEveryStore(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    var given = try token(#"{"access_token":"1"}"#)
    given.attributes["broken"] = .json("{")
    await #expect(throws: TokenVaultError.unstorable(record: 1)) { try await store.save(given) }
    given.attributes = [:]
    given.scope = String(repeating: "x", count: RecordFormat.recordSizeLimit)
    await #expect(throws: TokenVaultError.unstorable(record: 1)) { try await store.save(given) }
    #expect(try await store.allTokens().isEmpty)
  }

  @Test(arguments: StoreKind.allCases)
  func aKeyThatFitsSeveralClientsIsAConflictAndChangesNothing(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"user_name":"a","client_id":"c1","access_token":"1"}"#))
    try await store.save(token(#"{"user_name":"a","client_id":"c2","access_token":"2"}"#))
    let before = try await store.allTokens()
    func expectConflict(
      record: Int?, _ body: () async throws -> Void, _ location: SourceLocation = #_sourceLocation
    ) async {
      await #expect(sourceLocation: location) {
        try await body()
      } throws: { error in
        guard case TokenVaultError.severalClients(let clients, record) = error else { return false }
        return clients.key == "user_name" && clients.candidates.map(\.id) == ["1", "2"]
          && clients.candidates.map(\.clientID) == ["c1", "c2"] && clients.more == 0
      }
    }
    await expectConflict(record: nil) {
      _ = try await store.findToken(matching: TokenQuery(userName: "a"))
    }
    await expectConflict(record: 1) {
      try await store.save(token(#"{"user_name":"a","access_token":"3"}"#))
    }
    #expect(try await store.allTokens() == before)
    // Several of one client are the oldest.
    try await store.save(token(#"{"id":"x","user_name":"b","client_id":"c","access_token":"1"}"#))
    try await store.save(token(#"{"id":"y","user_name":"b","client_id":"c","access_token":"2"}"#))
    #expect(try await store.findToken(matching: TokenQuery(userName: "b"))?.id == "x")
    let saved = try await store.save(token(#"{"user_name":"b","scope":"s"}"#))
    #expect(saved.token.id == "x" && saved.notices == [.oldestOfSeveral(count: 2)])
  }

  @Test(arguments: StoreKind.allCases)
  func onlyWhoHasTheSecretsMovesThemToAnotherServer(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    let bank =
      #"{"user_name":"a","client_secret":"s","refresh_token":"r","token_endpoint":"https://bank/t"}"#
    let stored = try await store.save(token(bank)).token
    let thief = #""token_endpoint":"https://thief/t""#
    for json in [#"{"id":"1",\#(thief)}"#, #"{"user_name":"a","refresh_token":"r",\#(thief)}"#] {
      await #expect {
        try await store.save(token(json))
      } throws: { error in
        guard case TokenVaultError.endpointMoved(let move) = error else { return false }
        return move.id == "1" && move.from == "https://bank" && move.to == "https://thief"
      }
      #expect(try await store.allTokens() == [stored])
    }
    let all = #"{"id":"1","client_secret":"new","refresh_token":"r",\#(thief)}"#
    #expect(try await store.save(token(all)).change == .updated)
  }
}
