@testable import TokenRecords
@testable import TokenVault

// Saves by a clock of which nothing is known.
extension TokenTable {
  mutating func save(
    _ token: OAuthToken, now: Timestamp
  ) throws(TokenTableError) -> SaveOutcome {
    try save(token, now: VaultTime(clock: now), SaveRules())
  }

  mutating func saveAll(
    _ tokens: [OAuthToken], now: Timestamp
  ) throws(TokenVaultError) -> [SaveOutcome] {
    try saveAll(tokens, now: VaultTime(clock: now))
  }
}
