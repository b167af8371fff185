import Testing

@testable import TokenVault

/// The calls that Zoho's SDK makes of a token store, in its order: it names the client first, and the id from then on.
@Suite struct ZohoSDKFlowTests {
  /// One program of a user, as the SDK runs it.
  private struct Program {
    let store: any TokenStore
    let client: String
    /// The SDK's own token, which each call of the store fills.
    var token = OAuthToken()

    init(_ store: any TokenStore, _ client: String) {
      (self.store, self.client) = (store, client)
      (token.userName, token.clientID) = ("ann:7", client)
      (token.clientSecret, token.grantToken) = (
        Secret("secret of \(client)"), Secret("grant \(client)")
      )
    }

    /// `OAuthToken.get_token`: looks itself up, and refreshes or logs in where what it finds has ended.
    mutating func call(_ number: Int, mustRefresh: Bool) async throws {
      if let id = token.id {
        let found = try #require(try await store.findToken(id: id))
        token = found.overlaid(with: token)
        token.id = id
      } else if let found = try await store.findToken(matching: TokenQuery(matching: token)) {
        let given = token
        token = found.overlaid(with: given)
      }
      guard mustRefresh || token.accessToken == nil else { return }
      token.accessToken = Secret("\(client) \(number)")
      token.refreshToken = token.refreshToken ?? Secret("refresh \(client)")
      token.expiresAt = .at(moment(Int64(number)))
      // Of the environment, and of the server's answer.
      token.apiDomain = number % 2 == 0 ? "https://www.zohoapis.com" : "https://www.zohoapis.eu"
      token.id = try await store.save(token).token.id
    }
  }

  @Test(arguments: StoreKind.allCases)
  func twoClientsOfOneUserKeepTheirOwnTokens(_ kind: StoreKind) async throws {
    let (store, keeper) = try kind.make()
    defer { withExtendedLifetime(keeper) {} }
    var (crm, desk) = (Program(store, "crm"), Program(store, "desk"))
    for number in 1...6 {
      try await crm.call(number, mustRefresh: number % 3 == 0)
      try await desk.call(number, mustRefresh: number % 2 == 0)
    }
    // Started again, they know no id.
    var again = Program(store, "crm")
    try await again.call(7, mustRefresh: true)
    let tokens = try await store.allTokens()
    #expect(tokens.map(\.id) == ["1", "2"] && again.token.id == "1" && desk.token.id == "2")
    #expect(tokens.map(\.clientID) == ["crm", "desk"])
    #expect(tokens.map { $0.accessToken?.revealed } == ["crm 7", "desk 6"])
    #expect(tokens.map { $0.refreshToken?.revealed } == ["refresh crm", "refresh desk"])
    #expect(tokens.map { $0.clientSecret?.revealed } == ["secret of crm", "secret of desk"])
    try await store.deleteToken(id: "1")
    #expect(try await store.findToken(matching: TokenQuery(userName: "ann:7"))?.id == "2")
  }
}
