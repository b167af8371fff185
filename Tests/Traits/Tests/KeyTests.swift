import Configuration
import Testing
import TokenVault
import TokenVaultConfiguration

/// Which value a key means.
@Suite struct KeyTests {
  private let user = ScratchVault.user
  private let scratch: ScratchVault
  private let vault: Vault
  private let provider: VaultConfigProvider

  init() async throws {
    scratch = try await ScratchVault()
    vault = try await scratch.open()
    provider = VaultConfigProvider(vault)
  }

  @Test func theLastComponentIsAFieldAndTheOthersAreTheUser() async throws {
    let config = ConfigReader(provider: provider)
    let values = [
      "access_token": "c4n4ry-a0", "refresh_token": "c4n4ry-r0", "client_secret": "c4n4ry-s0",
      "client_id": "web", "user_name": user, "id": try await vault.ann(),
      "expires_at": "2020-01-01T00:00:00.000Z",
      "token_endpoint": "https://accounts.example/token",
    ]
    for (field, value) in values {
      #expect(config.string(forKey: ConfigKey("\(user).\(field)")) == value, "\(field)")
    }
    #expect(
      config.scoped(to: ConfigKey([user])).string(forKey: "access_token") == "c4n4ry-a0")
  }

  @Test func aUserWithEveryKindOfDotIsNamedByComponents() async throws {
    let user = ".a..b."
    try await vault.save(ScratchVault.record(user, access: "dots"))
    let config = ConfigReader(provider: provider)
    #expect(config.string(forKey: ConfigKey([user, "access_token"])) == "c4n4ry-dots")
  }

  @Test func theContextNamesTheRecordOrTheClient() async throws {
    var other = ScratchVault.record(access: "other")
    other.clientID = "app"
    let id = try await vault.ann()
    try await vault.save(other)
    let key = ConfigKey("\(user).access_token")
    let config = ConfigReader(provider: provider)
    func value(_ key: ConfigKey) throws -> String { try config.requiredString(forKey: key) }
    #expect(throws: TokenVaultError.self) { try value(key) }
    #expect(try value(ConfigKey(key.components, context: ["client_id": "app"])) == "c4n4ry-other")
    #expect(try value(ConfigKey(key.components, context: ["client_id": "web"])) == "c4n4ry-a0")
    #expect(try value(ConfigKey("access_token", context: ["id": .string(id)])) == "c4n4ry-a0")
    // A record that the whole context does not mean.
    for context: [String: ConfigContextValue] in [
      ["client_id": "none"], ["id": "99", "client_id": "app"], ["id": "99", "client_id": "web"],
    ] {
      #expect(config.string(forKey: ConfigKey(key.components, context: context)) == nil)
    }
    let both: [String: ConfigContextValue] = ["id": .string(id), "client_id": "app"]
    #expect(config.string(forKey: ConfigKey("access_token", context: both)) == nil)
    let number = try #require(Int(id))
    #expect(try value(ConfigKey("access_token", context: ["id": .int(number)])) == "c4n4ry-a0")
  }

  @Test(arguments: [
    "bob.access_token", "ann.lee@example.com.grant_token", "http.timeout", "access_token", "id",
    "ann.lee@example.com.revision", "ann.lee@example.com",
  ])
  func whatIsNotThereHasNoValue(_ key: String) async throws {
    let key = AbsoluteConfigKey(ConfigKey(key))
    #expect(try provider.value(forKey: key, type: .string).value == nil)
    #expect(try await provider.fetchValue(forKey: key, type: .string).value == nil)
    #expect(try provider.snapshot().value(forKey: key, type: .string).value == nil)
    // Nothing to convert, so that the next provider is asked.
    #expect(try provider.value(forKey: key, type: .int).value == nil)
  }

  @Test func aValueIsTextOrItsBytes() async throws {
    let key = AbsoluteConfigKey([user, "access_token"])
    #expect(
      try provider.value(forKey: key, type: .bytes).value?.content
        == .bytes(Array("c4n4ry-a0".utf8)))
    let error = #expect(throws: VaultConfigError.self) {
      try provider.value(forKey: key, type: .int)
    }
    #expect(
      error?.description == "the value of 'ann.lee@example.com.access_token' is text, and no int")
  }
}
