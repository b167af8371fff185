import Testing

@testable import TokenVault

/// What every store saves and finds.
@Suite struct TokenStoreContractTests {
  @Test(arguments: StoreKind.allCases)
  func aSavedRecordIsFoundByEveryKeyAndWhole(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    let given = try token(
      """
      {"user_name":"ann","client_id":"c","client_secret":"s","refresh_token":"r","access_token":"a",
      "grant_token":"g","expires_at":"2027-01-01T00:00:00.000Z","redirect_url":"u","api_domain":"d",
      "scope":"x y","token_type":"Bearer","id_token":"i","note":"mine","count":[1,{"a":null}]}
      """)
    let saved = try await store.save(given)
    #expect(saved.change == .inserted)
    #expect(saved.token.id == "1" && saved.token.revision == 1)
    for key in [
      #"{"id":"1"}"#, #"{"user_name":"ann"}"#, #"{"grant_token":"g"}"#, #"{"refresh_token":"r"}"#,
      #"{"access_token":"a"}"#,
    ] {
      #expect(try await store.findToken(matching: TokenQuery(matching: token(key))) == saved.token)
    }
    var expected = given
    expected.id = "1"
    expected.revision = 1
    #expect(saved.token == expected)
    #expect(try await store.findToken(id: "1") == expected)
    #expect(try await store.allTokens() == [expected])
  }

  @Test(arguments: StoreKind.allCases)
  func theStrongestKeyDecidesAndNoWeakerOneIsTried(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(
      token(#"{"user_name":"a","refresh_token":"rA","access_token":"aA","grant_token":"gA"}"#))
    try await store.save(
      token(#"{"user_name":"b","refresh_token":"rB","access_token":"aB","grant_token":"gB"}"#))
    func found(_ json: String) async throws -> String? {
      try await store.findToken(matching: TokenQuery(matching: token(json)))?.id
    }
    #expect(try await found(#"{"id":"2","user_name":"a"}"#) == "2")
    #expect(try await found(#"{"id":"9","user_name":"a"}"#) == nil)
    #expect(try await found(#"{"user_name":"a","refresh_token":"rB"}"#) == "1")
    #expect(try await found(#"{"user_name":"x","refresh_token":"rB"}"#) == nil)
    #expect(try await found(#"{"grant_token":"gB","refresh_token":"rA"}"#) == "2")
    #expect(try await found(#"{"grant_token":"x","refresh_token":"rA"}"#) == nil)
    #expect(try await found(#"{"refresh_token":"rB","access_token":"aA"}"#) == "2")
    #expect(try await found(#"{"refresh_token":"x","access_token":"aA"}"#) == nil)
    #expect(try await found(#"{"access_token":"aA"}"#) == "1")
    #expect(
      try await found(
        #"{"id":"","user_name":"","grant_token":"","refresh_token":"","access_token":"aB"}"#) == "2"
    )
    #expect(try await found(#"{"scope":"x"}"#) == nil)
    #expect(try await found("{}") == nil)
    #expect(try await found(#"{"user_name":"A"}"#) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func aRecordOfAnotherClientNeverMatches(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"user_name":"a","client_id":"c1","access_token":"1"}"#))
    let second = try await store.save(
      token(#"{"user_name":"a","client_id":"c2","access_token":"2"}"#))
    #expect(second.change == .inserted && second.token.id == "2")
    let third = try await store.save(token(#"{"id":"1","client_id":"c2","access_token":"3"}"#))
    #expect(third.change == .inserted && third.token.id == "3")
    #expect(
      try await store.findToken(matching: TokenQuery(userName: "a", clientID: "c2"))?.id == "2")
    #expect(try await store.findToken(matching: TokenQuery(userName: "a", clientID: "c3")) == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func theSameClientGoesBeforeARecordWithoutOne(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"user_name":"a","client_id":"c1","access_token":"1"}"#))
    try await store.save(token(#"{"user_name":"a","client_id":"c2","access_token":"2"}"#))
    try await store.save(token(#"{"id":"1","client_id":"","access_token":"1"}"#))
    #expect(try await store.findToken(id: "1")?.clientID == nil)
    let outcome = try await store.save(
      token(#"{"user_name":"a","client_id":"c2","access_token":"2b"}"#))
    #expect(outcome.token.id == "2")
  }

  @Test(arguments: StoreKind.allCases)
  func aSaveOntoAMatchOverwritesKeepsAndClears(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(
      token(
        #"{"user_name":"a","access_token":"1","scope":"x","api_domain":"d","k":"v","j":{"b":1}}"#))
    let outcome = try await store.save(
      token(#"{"user_name":"a","access_token":"2","scope":"","k":"","j":[2]}"#))
    #expect(outcome.change == .updated)
    #expect(outcome.token.revision == 2)
    #expect(outcome.token.accessToken == "2")
    #expect(outcome.token.scope == nil)
    #expect(outcome.token.apiDomain == "d")
    #expect(outcome.token.attributes == ["j": .json("[2]")])
  }

  @Test(arguments: StoreKind.allCases)
  func aSaveThatChangesNothingCountsNothing(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"user_name":"a","access_token":"1"}"#))
    for json in [
      #"{"user_name":"a","access_token":"1"}"#, #"{"user_name":"a"}"#,
      #"{"user_name":"a","scope":""}"#,
    ] {
      let outcome = try await store.save(token(json))
      #expect(outcome.change == .unchanged && outcome.token.revision == 1)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func unicodeThatLooksTheSameIsNotTheSame(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    try await store.save(token(#"{"user_name":"é","access_token":"1"}"#))
    let outcome = try await store.save(token(#"{"user_name":"e\u0301","access_token":"1"}"#))
    #expect(outcome.change == .inserted)
    let changed = try await store.save(token(#"{"id":"1","scope":"é"}"#))
    #expect(changed.change == .updated)
    #expect(try await store.save(token(#"{"id":"1","scope":"e\u0301"}"#)).change == .updated)
  }

  @Test(arguments: StoreKind.allCases)
  func idsAreNeverGivenTwice(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    func insert(_ id: String? = nil) async throws -> String? {
      var token = OAuthToken()
      token.id = id
      token.accessToken = Secret(String(UInt64.random(in: 0 ... .max)))
      return try await store.save(token).token.id
    }
    #expect(try await insert() == "1")
    #expect(try await insert("500") == "500")
    #expect(try await insert() == "501")
    try await store.deleteToken(id: "501")
    #expect(try await insert() == "502")
    #expect(try await insert("abc") == "abc")
    #expect(try await insert("00007") == "00007")
    #expect(try await insert("18446744073709551615") == "18446744073709551615")
    #expect(try await insert() == "503")
    try await store.deleteAllTokens()
    #expect(try await store.allTokens().isEmpty)
    #expect(try await insert() == "504")
    #expect(try await insert("3") == "3")
  }

  @Test(arguments: StoreKind.allCases)
  func aRandomRunOfSavesAndDeletesMatchesASlowModel(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    var model: [OAuthToken] = []
    var random = SeededGenerator(state: 7)
    for step in 0..<150 {
      var given = OAuthToken()
      given.userName = "user\(Int.random(in: 0..<12, using: &random))"
      if Int.random(in: 0..<5, using: &random) == 0,
        let victim = model.randomElement(using: &random)
      {
        try await store.deleteToken(id: victim.id ?? "")
        model.removeAll { $0.id == victim.id }
      } else {
        given.accessToken = Secret("token\(step)")
        let outcome = try await store.save(given)
        if let index = model.firstIndex(where: { $0.userName == given.userName }) {
          model[index].accessToken = given.accessToken
          model[index].revision += 1
          #expect(outcome.token == model[index])
        } else {
          #expect(outcome.change == .inserted)
          model.append(outcome.token)
        }
      }
    }
    #expect(try await store.allTokens() == model)
  }
}
