import Configuration
import Synchronization
import Testing
import TokenVault
import TokenVaultConfiguration

@Suite struct FetchingTests {
  private let key = ConfigKey([ScratchVault.user, "access_token"])
  private let scratch: ScratchVault

  init() async throws { scratch = try await ScratchVault() }

  /// A server that counts its calls.
  private final class Server: Sendable {
    let calls = Atomic(0)

    @Sendable func refresh(_ token: OAuthToken) async throws -> RefreshAnswer {
      let number = calls.add(1, ordering: .relaxed).newValue
      return RefreshAnswer(
        accessToken: Secret("c4n4ry-a\(number)"), refreshToken: Secret("c4n4ry-r\(number)"),
        expiresIn: .seconds(3600))
    }
  }

  @Test func aFetchedAccessTokenIsFreshAndAReadOneIsAsStored() async throws {
    let server = Server()
    let provider = VaultConfigProvider(try await scratch.open(), refreshing: server.refresh)
    let config = ConfigReader(provider: provider)
    #expect(config.string(forKey: key) == "c4n4ry-a0")
    #expect(try await config.fetchRequiredString(forKey: key) == "c4n4ry-a1")
    #expect(config.string(forKey: key) == "c4n4ry-a1")
    let refreshToken = ConfigKey([ScratchVault.user, "refresh_token"])
    #expect(try await config.fetchRequiredString(forKey: refreshToken) == "c4n4ry-r1")
    #expect(server.calls.load(ordering: .relaxed) == 1)
  }

  @Test func allFetchesOfOneTokenAskTheServerOnce() async throws {
    let server = Server()
    let vaults = [try await scratch.open(), try await scratch.open()]
    try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<16 {
        let provider = VaultConfigProvider(vaults[number % 2], refreshing: server.refresh)
        group.addTask {
          try await ConfigReader(provider: provider).fetchRequiredString(forKey: key)
        }
      }
      for try await token in group { #expect(token == "c4n4ry-a1") }
    }
    #expect(server.calls.load(ordering: .relaxed) == 1)
  }

  @Test func withoutARefresherAFetchReturnsWhatIsStored() async throws {
    let config = ConfigReader(provider: VaultConfigProvider(try await scratch.open()))
    #expect(try await config.fetchString(forKey: key) == "c4n4ry-a0")
  }

  @Test func aRefusalIsAnErrorWithoutASecret() async throws {
    let provider = VaultConfigProvider(try await scratch.open()) { token in
      throw TokenEndpointError(
        code: "invalid_grant", explanation: token.refreshToken?.revealed)
    }
    let error = await #expect(throws: TokenVaultError.self) {
      try await ConfigReader(provider: provider).fetchRequiredString(forKey: key)
    }
    #expect(error?.code == .refused)
    #expect(!"\(String(reflecting: error))".contains(ScratchVault.canary))
  }

  @Test func aTypeThatNoTokenHasIsAnErrorWithoutACallOfTheServer() async throws {
    let server = Server()
    let provider = VaultConfigProvider(try await scratch.open(), refreshing: server.refresh)
    await #expect(throws: VaultConfigError.self) {
      try await provider.fetchValue(forKey: AbsoluteConfigKey(key), type: .int)
    }
    #expect(server.calls.load(ordering: .relaxed) == 0)
  }

  @Test func aRecordThatIsNotThereHasNoValueAndMakesNoCall() async throws {
    let server = Server()
    let provider = VaultConfigProvider(try await scratch.open(), refreshing: server.refresh)
    #expect(
      try await ConfigReader(provider: provider).fetchString(forKey: "bob.access_token") == nil)
    #expect(server.calls.load(ordering: .relaxed) == 0)
  }
}
