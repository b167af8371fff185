import Testing

@testable import TokenVault

/// Vaults of applications, by name.
@Suite struct NamedVaultTests {
  private let directory: TemporaryDirectory
  private var locations: StandardLocations {
    directory.locations(["XDG_DATA_HOME": directory.file("data")])
  }

  init() throws { directory = try TemporaryDirectory() }

  @Test func aNamedVaultIsMadeOnceInTheStandardPlaceWithItsDirectoriesAndKey() async throws {
    let configuration = try VaultConfiguration.named("mailer", in: locations)
    #expect(configuration.path == directory.file("data/tokenvault/mailer.vault"))
    let vault = try await Vault.openOrCreate(configuration)
    try await vault.save(smallToken("ann"))
    let again = try await Vault.openOrCreate(.named("mailer", in: locations))
    #expect(try await again.allTokens().count == 1)
    let key = try #require(try await again.status().keyPath)
    #expect(key.hasPrefix(directory.file("state/tokenvault/keys/")))
    #expect(try VaultConfiguration.named("tokens", in: locations).path == locations.vault)
  }

  @Test func tasksThatOpenOrCreateAVaultAtOnceHaveTheSameOne() async throws {
    let configuration = try VaultConfiguration.named("mailer", in: locations)
    let stores = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 1...8 {
        group.addTask { try await Vault.openOrCreate(configuration).status().storeID }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(stores.count == 1)
  }

  @Test(arguments: ["", "a/b", "../x", "a b", "é", String(repeating: "n", count: 65)])
  func aNameThatIsNoFileNameIsRefused(_ name: String) {
    #expect(throws: TokenVaultError.invalidVaultName(name)) {
      try VaultConfiguration.named(name, in: locations)
    }
  }

  @Test func withoutAHomeThereIsNoNamedVault() {
    #expect(throws: TokenVaultError.noHome) {
      try VaultConfiguration.named("mailer", in: StandardLocations { _ in nil })
    }
  }
}
