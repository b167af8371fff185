import Configuration
import Testing
import TokenVault
import TokenVaultConfiguration

/// What a program prints of its configuration.
@Suite struct SecrecyTests {
  private let key = AbsoluteConfigKey([ScratchVault.user, "access_token"])
  private let scratch: ScratchVault

  init() async throws { scratch = try await ScratchVault() }

  @Test func everyValueIsMarkedAsASecret() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    for field in ["access_token", "refresh_token", "client_secret", "client_id", "user_name"] {
      let key = AbsoluteConfigKey([ScratchVault.user, field])
      for result in [
        try provider.value(forKey: key, type: .string),
        try await provider.fetchValue(forKey: key, type: .string),
        try provider.snapshot().value(forKey: key, type: .string),
      ] {
        #expect(result.value?.isSecret == true)
        #expect(result.value?.description == "[string: <REDACTED>]")
      }
    }
  }

  @Test func noDescriptionHasASecret() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    let snapshot = provider.snapshot()
    var texts = [
      "\(provider)", provider.providerName, snapshot.providerName, "\(snapshot)",
      String(reflecting: provider), String(reflecting: snapshot),
    ]
    do { _ = try provider.value(forKey: key, type: .double) } catch { texts.append("\(error)") }
    #expect(texts.count == 7)
    for text in texts { #expect(!text.contains(ScratchVault.canary), "\(text)") }
    #expect("\(provider)" == "VaultConfigProvider[\(scratch.configuration.path)]")
  }

  @Test func aVaultThatDoesNotOpenIsAnErrorAndNoMissingValue() async throws {
    let provider = VaultConfigProvider(try await scratch.open())
    let good = try scratch.read("tokens.vault")
    try scratch.write(good.prefix(good.count / 2), to: "tokens.vault")
    let config = ConfigReader(provider: provider)
    let key = ConfigKey(self.key.components)
    var errors: [any Error] = []
    do { _ = try config.requiredString(forKey: key) } catch { errors.append(error) }
    do { _ = try await config.fetchRequiredString(forKey: key) } catch { errors.append(error) }
    do { _ = try provider.snapshot().value(forKey: self.key, type: .string) } catch {
      errors.append(error)
    }
    #expect(errors.count == 3 && errors.allSatisfy { $0 is TokenVaultError })
    #expect(!"\(errors)".contains(ScratchVault.canary))
  }
}
