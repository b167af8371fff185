import Foundation
import Testing
import TokenServerFixture
import TokenVault

/// The example refreshes a record at a token server on this computer.
@Suite struct ExampleTests {
  private func vault(_ server: TokenServer) async throws -> Vault {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "tokenvault-example-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    setenv("TOKENVAULT_STATE_DIR", directory, 1)
    let vault = try await Vault.create(
      VaultConfiguration(path: "\(directory)/tokens.vault", key: .file("\(directory)/tokens.key")))
    var ann = OAuthToken()
    ann.userName = "ann"
    ann.clientID = "web"
    ann.clientSecret = Secret("s 0")
    ann.refreshToken = Secret("ann.0")
    ann.tokenEndpoint = "\(server.url)/token"
    try await vault.save(ann)
    return vault
  }

  @Test func theClientSendsOneRefreshAndTheVaultHasItsAnswer() async throws {
    let server = try TokenServer()
    let vault = try await vault(server)
    let fresh = try await refreshedToken(in: vault)
    let log = try server.log()
    let family = try #require(log.families["ann"])
    #expect(log.total == 1 && log.calls.first?.authentication == "client_secret_basic")
    #expect(log.calls.first?.secret == "s 0")
    #expect(fresh.wasRefreshed && fresh.failure == nil)
    #expect(fresh.token.accessToken?.revealed == family.accessToken)
    let stored = try await vault.requireToken(matching: TokenQuery(userName: "ann"))
    #expect(stored.accessToken?.revealed == family.accessToken)
    #expect(stored.refreshToken?.revealed == family.refreshToken)
  }
}
