import Testing

@testable import TokenVault

/// Whether a save moves secrets is decided on the newest record, under the writer lock.
@Suite struct EndpointMoveTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func vault(isLarge: Bool) throws -> Vault {
    isLarge ? try directory.largeVault() : try Vault.create(directory.configuration())
  }

  private let move = #"{"user_name":"ann","access_token":"2","token_endpoint":"https://thief/t"}"#

  @Test(arguments: [false, true])
  func secretsThatAnotherStoreHasJustSavedStayWhereTheyGo(_ isLarge: Bool) throws {
    let stale = try vault(isLarge: isLarge)
    let ann = try stale.save(token(#"{"user_name":"ann","access_token":"1"}"#)).token
    let other = try Vault(directory.configuration())
    try other.save(
      token(#"{"user_name":"ann","refresh_token":"r","token_endpoint":"https://bank/t"}"#))
    let before = try directory.bytes("tokens.vault")
    #expect {
      try stale.save(token(move))
    } throws: {
      guard case TokenVaultError.endpointMoved(let move) = $0 else { return false }
      return move.id == ann.id && move.from == "https://bank" && move.to == "https://thief"
    }
    #expect(try directory.bytes("tokens.vault") == before)
    #expect(try stale.allTokens() == other.allTokens())
  }

  @Test(arguments: [false, true])
  func aRefusedMoveAmongOtherSavesOfOneCommitIsRefusedAlone(_ isLarge: Bool) throws {
    let vault = try vault(isLarge: isLarge)
    try vault.save(token(#"{"user_name":"ann","refresh_token":"r"}"#))
    let requests = try [smallToken("x"), token(move), smallToken("y")].map { SaveRequest([$0]) }
    let results = try vault.write { (transaction) throws(TokenVaultError) in
      try transaction.save(requests, now: .now)
    }
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    let all = try Vault(directory.configuration()).allTokens()
    #expect(all.compactMap(\.userName).suffix(3) == ["ann", "x", "y"])
    #expect(try #require(all.first { $0.userName == "ann" }).tokenEndpoint == nil)
  }

  @Test func ofSavesTogetherNoneIsDoneWhereOneMovesSecrets() throws {
    let vault = try vault(isLarge: false)
    try vault.save(token(#"{"user_name":"ann","refresh_token":"r"}"#))
    let before = try directory.bytes("tokens.vault")
    #expect(throws: TokenVaultError.self) { try vault.save([smallToken("x"), token(move)]) }
    #expect(throws: TokenVaultError.self) {
      try vault.importTokens([smallToken("x"), token(move)])
    }
    #expect(try directory.bytes("tokens.vault") == before)
    let dry = try vault.importTokens([smallToken("x"), token(move)], dryRun: true)
    #expect(dry[0].notices.isEmpty)
    guard case .endpointMoved(let moved) = try #require(dry[1].notices.first) else {
      return #expect(Bool(false), "\(dry[1].notices)")
    }
    #expect(moved.from == nil && moved.to == "https://thief")
    #expect(try vault.importTokens([token(move)], movingEndpoint: true)[0].change == .updated)
    #expect(try vault.save([token(move)], movingEndpoint: true)[0].change == .unchanged)
  }

  @Test func theRevisionThatIsDemandedIsLookedAtFirst() throws {
    let vault = try vault(isLarge: false)
    try vault.save(token(#"{"user_name":"ann","refresh_token":"r"}"#))
    #expect(throws: TokenVaultError.revisionConflict(id: "1", expected: 7, actual: 1)) {
      try vault.save(token(move), ifRevision: 7)
    }
    #expect(throws: TokenVaultError.self) { try vault.save(token(move), ifRevision: 1) }
    #expect(try vault.save(token(move), ifRevision: 1, movingEndpoint: true).token.revision == 2)
  }

  /// Where secrets go is told by scheme, host and port, by the method, or by Zoho's `api_domain`.
  @Test(arguments: [
    (#"{"token_endpoint":"https://bank:443/other"}"#, false),
    (#"{"token_endpoint":"http://bank/t"}"#, true),
    (#"{"token_endpoint":"https://bank:8443/t"}"#, true),
    (#"{"token_endpoint":"https://bank\\@thief/t"}"#, true),
    (#"{"token_endpoint":{"url":"https://thief/t"}}"#, false),
    (#"{"token_endpoint":null}"#, false),
    (#"{"token_endpoint":""}"#, false),
    (#"{"token_endpoint":"","api_domain":"https://www.zohoapis.in"}"#, true),
    (#"{"api_domain":"https://www.zohoapis.in"}"#, false),
    (#"{"token_endpoint":"https://thief/t","refresh_token":""}"#, true),
    (#"{"token_endpoint":"https://thief/t","refresh_token":"other"}"#, false),
    (#"{"token_endpoint_auth_method":"none"}"#, true),
    (#"{"token_endpoint_auth_method":""}"#, false),
    (#"{"client_id":"c","redirect_url":"https://thief","scope":"x"}"#, false),
  ])
  func whatMovesSecretsIsRefused(_ fields: String, _ isMove: Bool) throws {
    let store = InMemoryTokenStore()
    try store.save(token(#"{"id":"1","refresh_token":"r","token_endpoint":"https://bank/t"}"#))
    let input = try token(#"{"id":"1","# + fields.dropFirst())
    guard isMove else { return #expect(try store.save(input).token.revision <= 2) }
    #expect(throws: TokenVaultError.self) { try store.save(input) }
    #expect(try store.save(input, movingEndpoint: true).change == .updated)
  }

  @Test func theAccountsServerThatAPIDomainChoosesIsADestinationToo() throws {
    let store = InMemoryTokenStore()
    let zoho =
      #"{"id":"1","client_secret":"s","refresh_token":"r","api_domain":"https://www.zohoapis.com"}"#
    try store.save(token(zoho))
    #expect {
      try store.save(token(#"{"id":"1","api_domain":"https://www.zohoapis.eu"}"#))
    } throws: {
      guard case TokenVaultError.endpointMoved(let move) = $0 else { return false }
      return move.from == "https://accounts.zoho.com" && move.to == "https://accounts.zoho.eu"
    }
    for json in [
      #"{"id":"1","api_domain":"https://WWW.zohoapis.com/"}"#, #"{"id":"1","api_domain":"x"}"#,
    ] {
      #expect(try store.save(token(json)).change == .updated)
    }
  }
}
