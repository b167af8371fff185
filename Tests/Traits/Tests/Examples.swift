import Configuration
import Logging
import TokenVault
import TokenVaultConfiguration
import TokenVaultHTTP
import TokenVaultLogging

// The examples of the article ServerApps: a test of the main package compares the texts.

struct Request { func setHeader(_ name: String, _ value: String) {} }

func log() async throws {
  let logger = Logger(label: "vault")
  let vault = try await Vault.openOrCreate(.named("mailer").logging(to: logger))
  _ = vault
}

func configuration(_ vault: Vault, _ request: Request) async throws {
  let provider = VaultConfigProvider(vault, refreshing: RefreshTokenGrant().refresh)
  let config = ConfigReader(providers: [EnvironmentVariablesProvider(), provider])
  let token = try await config.fetchRequiredString(forKey: "ann@example.com.access_token")
  request.setHeader("Authorization", "Bearer \(token)")
}
